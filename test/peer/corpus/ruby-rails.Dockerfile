ARG RUBY_VERSION=3.4.1
FROM docker.io/library/ruby:$RUBY_VERSION-slim AS base
WORKDIR /rails
RUN apt-get update -qq && \
    apt-get install --no-install-recommends -y curl libjemalloc2 libvips sqlite3 && \
    rm -rf /var/lib/apt/lists /var/cache/apt/archives
ENV RAILS_ENV="production" \
    BUNDLE_DEPLOYMENT="1" \
    BUNDLE_PATH="/usr/local/bundle" \
    BUNDLE_WITHOUT="development"
FROM base AS build
COPY Gemfile Gemfile.lock ./
RUN bundle install && \
    rm -rf ~/.bundle/ "${BUNDLE_PATH}"/ruby/*/cache && mkdir -p "${BUNDLE_PATH}"
COPY . .
RUN SECRET_KEY_BASE_DUMMY=1 echo precompile
FROM base
COPY --from=build "${BUNDLE_PATH}" "${BUNDLE_PATH}"
COPY --from=build /rails /rails
RUN mkdir -p db log storage tmp && \
    chown -R 1000:1000 db log storage tmp
USER 1000:1000
ENTRYPOINT ["/rails/scripts/entrypoint.sh"]
EXPOSE 3000
CMD ["./bin/rails", "server"]
