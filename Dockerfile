FROM node:20-bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY . .
RUN npm ci && npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim
WORKDIR /app
COPY --from=build --chown=root:root /app/package.json ./
COPY --from=build --chown=root:root /app/node_modules ./node_modules
COPY --from=build --chown=root:root /app/dist ./dist
COPY --from=build --chown=root:root /app/src/web/public ./src/web/public
COPY --from=build --chown=root:root /app/flows ./flows
COPY --from=build --chown=root:root /app/locales ./locales
COPY --from=build --chown=root:root /app/db ./db
RUN mkdir /data && chown node:node /data
USER node
ENV NODE_ENV=production HOST=0.0.0.0 HAMROH_DATA_DIR=/data
EXPOSE 3000
VOLUME /data
CMD ["node", "dist/src/main.js"]
