ARG ASSETS
FROM alpine:3.20 AS fetch
ARG ASSETS
ADD ${ASSETS}/plain.txt /downloads/
ADD --chmod=755 $ASSETS/plain.txt /usr/local/bin/run
ADD --checksum=sha256:dbdbfc4eea60c31dfdb68830dcf4393aa7e1fb5b64af6377e444c6c42e909203 ${ASSETS}/pinned.txt /pinned
ADD --unpack ${ASSETS}/archive.tar.gz /opt/
FROM alpine:3.20
COPY --from=fetch /downloads /downloads
COPY --from=fetch /opt /opt
