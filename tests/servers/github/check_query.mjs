// Holds a GraphQL query against GitHub's own schema, and an answer against the query:
//   node check_query.mjs MODULES < {"query", "variables", "answer"}     MODULES: a node_modules with @octokit/graphql-schema
// Prints {"errors": […], "answer": …}: what is wrong with the query, else what the schema makes of that answer to it.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const modules = process.argv[2]
const { buildSchema, execute, parse, validate } = createRequire(modules + '/')('graphql')
const schema = buildSchema(readFileSync(modules + '/@octokit/graphql-schema/schema.graphql', 'utf8'), { assumeValidSDL: true })

const { query, variables, answer } = JSON.parse(readFileSync(0, 'utf8'))
const document = parse(query)
const errors = validate(schema, document)
const done = errors.length
  ? { errors }
  : await execute({
      schema,
      document,
      rootValue: answer,
      variableValues: variables,
      fieldResolver: (source, _, __, info) => source[info.path.key] ?? null,
      // What says nothing of its kind is what was searched for; what is empty is something else that was found.
      typeResolver: value => value.__typename ?? (value.url ? 'Discussion' : 'Repository'),
    })
console.log(JSON.stringify({ errors: (done.errors ?? []).map(error => error.message), answer: done.data }))
