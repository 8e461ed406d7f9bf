FROM alpine:3.20 AS zero
RUN echo zero > /f
FROM scratch AS empty
FROM zero
COPY --from=0 /f /by-number
COPY --from=zero /f /by-name
COPY --from=debian:bookworm-slim /etc/round /from-image
RUN --mount=from=nginx:alpine,source=/etc/nginx,target=/n ls /n > /listing
RUN --mount=type=bind,from=zero,source=/f,target=/g,rw echo more >> /g && cp /g /h
