// The smallest server: the modules as they come, without admin pages, on loopback alone.
const { defineConfig } = require("@medusajs/framework/utils");

module.exports = defineConfig({
  admin: { disable: true },
  projectConfig: {
    databaseUrl: process.env.DATABASE_URL,
    databaseDriverOptions: { ssl: false, connection: { ssl: false } },
    http: {
      storeCors: "*", adminCors: "*", authCors: "*", jwtSecret: "try", cookieSecret: "try",
      jwtExpiresIn: process.env.TOKEN_LIFE || "1d",
    },
  },
});
