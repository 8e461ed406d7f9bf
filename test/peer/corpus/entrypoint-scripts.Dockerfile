FROM ubuntu:24.04
COPY scripts/*.sh /usr/local/bin/
RUN chmod +x /usr/local/bin/*.sh
ENTRYPOINT ["entrypoint.sh"]
CMD ["sleep", "infinity"]
