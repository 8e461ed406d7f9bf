ARG BASE_IMAGE=debian:bookworm
FROM ${BASE_IMAGE} AS toolchain
RUN apt-get update && DEBIAN_FRONTEND="noninteractive" apt-get install -y cmake ninja-build g++
FROM toolchain AS configure
COPY ./ /src/
RUN cmake -S /src -B /build -G Ninja -DCMAKE_BUILD_TYPE=Release
FROM configure AS compile
RUN ninja -C /build -o /build/bin/shop && ln -s bin/shop /build/current
FROM ${BASE_IMAGE}-slim
COPY --from=compile /build/bin/ /build/current /usr/bin/
CMD shop
