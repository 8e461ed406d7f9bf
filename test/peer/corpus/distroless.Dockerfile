FROM golang:1.24 AS build
WORKDIR /go/src/app
ADD . /go/src/app
RUN go get -d -v ./...
RUN go build -o /go/bin/app
FROM gcr.io/distroless/base-debian12:nonroot
COPY --from=build /go/bin/app /
CMD ["/app"]
