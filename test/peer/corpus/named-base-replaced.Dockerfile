FROM alpine:3.20 AS build
RUN echo built > /made
FROM debian:bookworm-slim
COPY --from=build /etc/round /made
