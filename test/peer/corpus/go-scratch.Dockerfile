FROM golang:1.24 AS builder
ENV GO111MODULE=on \
    CGO_ENABLED=0 \
    GOFLAGS="-mod=readonly"
WORKDIR /go/src/app
COPY go.mod go.sum ./
RUN go mod download
COPY src src
ARG VERSION=dev
ARG COMMIT
RUN go build -ldflags "-X main.version=${VERSION} -X main.commit=${COMMIT:-unknown}" -o /app ./src/...
FROM scratch
COPY --from=builder /etc/round /etc/ssl/certs/ca-certificates.crt
COPY --from=builder --chown=65532:65532 /app /app
USER 65532:65532
ENTRYPOINT ["/app"]
