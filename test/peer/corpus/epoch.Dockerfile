FROM alpine:3.20
COPY README.md /
RUN touch /stamped
