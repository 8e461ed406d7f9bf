FROM alpine:3.20 AS base-objects
RUN mkdir /o && echo obj > /o/main.o
FROM gcc:14 AS build
WORKDIR /src
COPY Makefile src/main.c ./
RUN --mount=type=cache,target=/root/.ccache,id=ccache,uid=1000,mode=0777 make all -o /src/app
RUN --mount=type=cache,target=objects,from=base-objects,source=/o ls objects && echo ok > done
FROM scratch
COPY --from=build /src/app /src/done* /
