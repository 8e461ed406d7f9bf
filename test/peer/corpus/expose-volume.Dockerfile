FROM alpine:3.20
ARG PORT=9000
COPY README.md /
EXPOSE 80 443/tcp 53/udp 8000-8003 $PORT
VOLUME /data /var/log
VOLUME ["/json", "/a b"]
MAINTAINER Somebody <somebody@example.com>
STOPSIGNAL 9
USER 12:34
