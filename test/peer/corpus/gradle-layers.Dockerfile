ARG JAVA=21
FROM gradle:8-jdk${JAVA} AS builder
WORKDIR /home/gradle/project
COPY --chown=1000:1000 build.gradle.kts ./
RUN gradle dependencies --no-daemon
COPY --chown=1000:1000 src src/
RUN gradle bootJar --no-daemon build

FROM eclipse-temurin:${JAVA}-jre AS layers
COPY --from=builder /home/gradle/project/build/ ./application
RUN cp -r application snapshot
FROM eclipse-temurin:${JAVA}-jre
ARG JAVA
LABEL org.opencontainers.image.title="shop" org.opencontainers.image.base.name="eclipse-temurin:${JAVA}-jre"
COPY --from=layers application/ ./
COPY --from=layers snapshot/ ./
EXPOSE 8080/tcp
ENTRYPOINT ["java", "org.springframework.boot.loader.launch.JarLauncher"]
