# escape=`
FROM alpine:3.20
ENV PATHS="C:\Program Files" `
    OTHER=C:\tmp
RUN echo one `
 && echo two > /both
WORKDIR /a\b
COPY README.md `
     ./
