FROM alpine:3.20
SHELL ["/bin/sh", "-exc"]
RUN echo $0 > /zero
RUN ["sh", "-c", "echo $HOME > /exec"]
RUN [ -f /zero ] && echo not json > /bracket
CMD [ "unclosed
ENTRYPOINT exec top -b
