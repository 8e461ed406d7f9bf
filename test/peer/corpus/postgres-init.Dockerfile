FROM postgres:17-alpine
COPY --chown=70:70 config/ /docker-entrypoint-initdb.d/
USER root
RUN echo "host all all all scram-sha-256" > /pg_hba.conf
USER postgres:0
VOLUME [ "/backup" ]
CMD ["postgres", "-c", "shared_buffers=256MB", "-c", "max_connections=200"]
