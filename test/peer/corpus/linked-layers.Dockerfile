FROM alpine:3.20 AS assets
RUN mkdir -p /assets/a /assets/b && echo a > /assets/a/f && echo b > /assets/b/f
FROM alpine:3.20
COPY --link --from=assets /assets/a /a
COPY --link --from=assets --chown=1001:1001 /assets/b/ /b/
COPY --link config/ /config/
ADD --link README.md /doc/
RUN ls /a /b /config
