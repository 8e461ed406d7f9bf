FROM alpine:3.20
RUN echo one \
# a comment within
    two \

    three > /words
COPY README.md /
CMD ["last"]