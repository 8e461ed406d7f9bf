ARG GIT
FROM alpine:3.20
ARG GIT
ADD ${GIT}/repo.git#main /src
ADD --keep-git-dir=true ${GIT}/repo.git#main:sub /sub
RUN ls /src /sub
