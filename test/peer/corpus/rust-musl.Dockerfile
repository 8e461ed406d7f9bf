FROM --platform=$BUILDPLATFORM rust:1.84 AS build
ARG TARGETPLATFORM
ARG BUILDPLATFORM
RUN case "$TARGETPLATFORM" in \
  "linux/amd64") echo x86_64-unknown-linux-musl > /target.txt ;; \
  "linux/arm64") echo aarch64-unknown-linux-musl > /target.txt ;; \
  *) exit 1 ;; \
esac; echo "$BUILDPLATFORM" >> /target.txt
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY src/main.rs src/
RUN --mount=type=cache,id=cargo,target=/usr/local/cargo/registry,sharing=shared <<-EOT
	set -eux
	cargo build --release --target="/out/$(head -n1 /target.txt)"
	EOT
FROM scratch
COPY --link --from=build /out/ /
