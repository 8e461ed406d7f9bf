FROM debian:bookworm-slim
SHELL ["/bin/sh", "-eo", "pipefail", "-c"]
ARG DEBIAN_FRONTEND=noninteractive
RUN rm -f /etc/apt/apt.conf.d/docker-clean
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,target=/var/lib/apt,sharing=locked \
    apt-get update && apt-get --no-install-recommends install -y gcc
RUN echo one | cat > /piped
CMD ["sh"]
