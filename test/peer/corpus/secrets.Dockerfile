FROM node:22-alpine
WORKDIR /app
COPY package.json .
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci
RUN --mount=type=secret,id=token,env=NPM_TOKEN,required=false echo "${NPM_TOKEN:-none}" > /dev/null
RUN --mount=type=secret,id=aws,mode=0440,uid=1000,gid=1000 ls -l /run/secrets || true
