FROM base-image AS build
COPY --from=extra index.md /extra/
COPY --from=tools /etc/round /round
FROM alpine:3.20
COPY --from=build /extra /extra
RUN --mount=from=extra,target=/e ls /e
