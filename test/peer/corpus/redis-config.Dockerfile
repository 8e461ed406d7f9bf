FROM redis:7
ARG REDIS_PASSWORD_FILE=/run/secrets/redis
COPY --chmod=u=rw,go=r config/app.yml /usr/local/etc/redis/redis.conf
RUN --mount=type=tmpfs,target=/scratch,size=16m echo cached > /scratch/x && cp /scratch/x /kept
EXPOSE 6379
CMD [ "redis-server", "/usr/local/etc/redis/redis.conf" ]
