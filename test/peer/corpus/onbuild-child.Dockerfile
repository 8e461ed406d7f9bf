FROM acme/node-onbuild:1
EXPOSE 8080
USER 1000
