FROM acme/node-onbuild:1 AS app
RUN npm run build
ONBUILD COPY --chown=1000:1000 config /config
ONBUILD RUN ["/bin/sh", "-c", "test -d /config"]
FROM nginx:alpine
COPY --from=app /usr/src/app/dist /usr/share/nginx/html
