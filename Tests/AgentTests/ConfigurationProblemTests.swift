import Agent
import Testing

/// One mistake and what is said of it.
struct Mistake: Sendable, CustomTestStringConvertible {
    var text: String
    var keyPath: String
    var line: Int?
    var message: String
    var suggestion: String?

    /// In the rest of the file, after the least configuration's four lines.
    static func below(
        _ text: String, at keyPath: String, line: Int? = 5, _ message: String, suggest suggestion: String? = nil
    ) -> Mistake {
        Mistake(
            text: leastConfiguration + "\n" + text, keyPath: keyPath, line: line, message: message,
            suggestion: suggestion)
    }

    /// In the model, which starts in line 2; its further keys start in line 5.
    static func inModel(
        _ text: String, at keyPath: String, line: Int? = 5, _ message: String, suggest suggestion: String? = nil
    ) -> Mistake {
        below("    " + text, at: "models[0]." + keyPath, line: line, message, suggest: suggestion)
    }

    static func whole(
        _ text: String, at keyPath: String, line: Int?, _ message: String, suggest suggestion: String? = nil
    ) -> Mistake {
        Mistake(text: text, keyPath: keyPath, line: line, message: message, suggestion: suggestion)
    }

    var testDescription: String { "\(keyPath): \(message)" }
}

@Suite struct ConfigurationProblemTests {
    static let keysAndTypes: [Mistake] = [
        .below("agnt: {}", at: "agnt", "is no known key", suggest: "agent"),
        .below("agent: {worker: 2}", at: "agent.worker", "is no known key", suggest: "workers"),
        .below(
            "agent:\n  workers: 2\n  stateDirectory: x", at: "agent.stateDirectory", line: 7, "is no known key",
            suggest: "state_directory"),
        .below(
            "bootstrap_servers: a:1", at: "bootstrap_servers", "is no known key", suggest: "kafka.bootstrap_servers"),
        .below("agent: {zebra: 1}", at: "agent.zebra", "the keys here are state_directory, workers"),
        .below("agent: 3", at: "agent", "is 3; expected a table with the keys state_directory"),
        .below(
            "agent: {workers: two}", at: "agent.workers", "is the text \"two\"; expected a whole number from 1 to 64"),
        .below("agent: {workers: \"4\"}", at: "agent.workers", "expected a whole number", suggest: "4"),
        .below("agent: {workers: 2.4}", at: "agent.workers", "is 2.4; expected a whole number", suggest: "2"),
        .below("agent: {workers: 0}", at: "agent.workers", "is 0; expected a whole number from 1 to 64", suggest: "1"),
        .below("agent: {workers: 900}", at: "agent.workers", "from 1 to 64", suggest: "64"),
        .below("agent: {workers: }", at: "agent.workers", "has no value"),
        .below("agent: {workers: [1]}", at: "agent.workers", "is a list; expected a whole number"),
        .below(
            "agent: {checkpoint_interval: 10}", at: "agent.checkpoint_interval", "is 10; expected a duration",
            suggest: "10s"),
        .below(
            "agent: {checkpoint_interval: 10 seconds}", at: "agent.checkpoint_interval", "expected a duration",
            suggest: "10s"),
        .below("agent: {checkpoint_interval: 2d}", at: "agent.checkpoint_interval", "from 100ms to 1h", suggest: "1h"),
        .below("sources: {max_age: 2w}", at: "sources.max_age", "expected a duration", suggest: "14d"),
        .below("sources: {max_age: 99999999999999999999d}", at: "sources.max_age", "expected a duration"),
        .below("sources: {max_age: 9999999999999d}", at: "sources.max_age", "expected a duration"),
        .below("sources: {max_event_bytes: 1MB}", at: "sources.max_event_bytes", "expected a size", suggest: "1MiB"),
        .below("sources: {max_event_bytes: 12}", at: "sources.max_event_bytes", "from 1KiB to 64MiB", suggest: "1KiB"),
        .below(
            "sources: {start: earlist}", at: "sources.start", "expected one of earliest, latest, committed",
            suggest: "earliest"),
        .below("sources: {predictions: {topic: a b}}", at: "sources.predictions.topic", "expected a Kafka topic"),
        .below("kafka: {group: 12}", at: "kafka.group", "is 12; expected a text", suggest: "\"12\""),
        .below("publish: {enabled: yes}", at: "publish.enabled", "expected true or false", suggest: "true"),
        .below("kafka: {properties: [a]}", at: "kafka.properties", "is a list; expected a table of names and values"),
        .below("kafka: {properties: {a: {b: 1}}}", at: "kafka.properties.a", "is a table; expected a label"),
        .below("alerting: {webhooks: {url: x}}", at: "alerting.webhooks", "is a table; expected a list of tables"),
        .below(
            "alerting: {webhooks: [{url: example.com, secrets: [a]}]}", at: "alerting.webhooks[0].url",
            "expected an address that starts with https://"),
        .below("alerting: {webhooks: [{url: https://a.b}]}", at: "alerting.webhooks[0].secrets", "is missing"),
        .below(
            "alerting: {webhooks: [{url: https://a.b, secrets: s}]}", at: "alerting.webhooks[0].secrets",
            "expected a list, not empty, of texts", suggest: "[s]"),
        .below(
            "alerting: {webhooks: [{url: https://a.b, secrets: [\"${NO_SUCH}\"]}]}",
            at: "alerting.webhooks[0].secrets[0]", "the environment variable NO_SUCH is not set",
            suggest: "export NO_SUCH=... before the start"),
        .below(
            "kafka: {group: \"${TIDEWATCH_GRUOP}\"}", at: "kafka.group", "TIDEWATCH_GRUOP is not set",
            suggest: "${TIDEWATCH_GROUP}"),
        .below(
            "kafka: {group: \"${EMPTY}\"}", at: "kafka.group", "EMPTY is empty",
            suggest: "export EMPTY=... before the start"),
        .below(
            "kafka: {group: \"${open\"}", at: "kafka.group", "without a closing }",
            suggest: "$${ for the characters themselves"),
        .below("log: {level: warn}", at: "log.level", "expected one of trace, debug", suggest: "warning"),
    ]

    static let importance: [Mistake] = [
        .inModel(
            "importance: {amount: -0.1}", at: "importance.amount", "is -0.1; expected a number at least 0"),
        .inModel("importance: {amount: .inf}", at: "importance.amount", "expected a number at least 0"),
        .inModel("importance: {amount: .nan}", at: "importance.amount", "expected a number at least 0"),
        .inModel("importance: {amount: much}", at: "importance.amount", "expected a number at least 0"),
        .inModel("importance: {a: 0, b: 0}", at: "importance", "gives no column a weight above 0"),
        .inModel("importance: {}", at: "importance", "gives no column a weight above 0"),
        .inModel("importance: [amount]", at: "importance", "is a list; expected a table of names and numbers"),
    ]

    static let models: [Mistake] = [
        .whole("agent: {}", at: "models", line: 1, "is missing; expected a list, not empty, of tables"),
        .whole("models: []", at: "models", line: 1, "is an empty list"),
        .whole("models: [{task: regression}]", at: "models[0].name", line: 1, "is missing; expected a model's name"),
        .whole("models:\n  - name: a@1\n    task: regression", at: "models[0].name", line: 2, "without '@'"),
        .whole("models:\n  - name: a", at: "models[0].task", line: 2, "is missing; expected one of binary"),
        .whole(
            "models:\n  - name: a\n    task: binari", at: "models[0].task", line: 3, "is the text \"binari\"",
            suggest: "binary"),
        .whole(
            "models:\n  - name: a\n    task: binary", at: "models[0]", line: 2, "needs the key positive",
            suggest: "positive: \"1\""),
        .whole(
            "models:\n  - name: a\n    task: multiclass", at: "models[0]", line: 2, "needs the key classes",
            suggest: "classes: [a, b, c]"),
        .whole(
            "models: [{name: a, task: multiclass, classes: [x, x]}]", at: "models[0].classes", line: 1, "a class twice"),
        .whole(
            "models:\n  - name: a\n    task: regression\n    positive: 1", at: "models[0].positive", line: 4,
            "belongs to the task binary; this one is regression"),
        .below(
            "  - {name: fraud, task: regression}", at: "models[1].name", "is the name of models[0].name too (line 2)"),
        .whole(
            "limits: {models: 1}\nmodels: [{name: a, task: regression}, {name: b, task: regression}]", at: "models",
            line: 2, "limits.models allows 1", suggest: "limits.models: 2"),
        .inModel(
            "window: {length: 7d, slide: 2d}", at: "window.slide", "2d, which does not divide the length 7d",
            suggest: "1d"),
        .inModel(
            "window: {length: 12h}", at: "window.slide", "1d, which does not divide the length 12h", suggest: "12h"),
        .inModel("window: {length: 70d, slide: 1s}", at: "window.slide", "makes 6048000 panes", suggest: "605s"),
        .inModel("window: {origin: yesterday}", at: "window.origin", "expected a time such as 2026-11-22T10:00:00Z"),
        .inModel("reference: {}", at: "reference", "says no reference", suggest: "registry: true"),
        .inModel("reference: {file: a.csv, learn: 500}", at: "reference.learn", "cannot stand beside `file`"),
        .inModel("reference: {learn: 500, target: y}", at: "reference.target", "belongs to `file`"),
        .inModel(
            "retraining: {performance_below: {metric: rmse, value: 1}}", at: "retraining.performance_below.metric",
            "or less of it is better"),
        .inModel(
            "retraining: {performance_below: {metric: accuracy, value: 80}}",
            at: "retraining.performance_below.value", "lies between 0 and 1", suggest: "0.8"),
        .inModel(
            "retraining: {performance_below: {metric: accuracy, value: 0.8}}",
            at: "retraining.performance_below.metric", "no rule under `performance` measures",
            suggest: "rules: [{metric: accuracy, raise_below: 0.8}]"),
        .inModel(
            "retraining: {performance_below: {metric: accuracy}}", at: "retraining.performance_below.value",
            "is missing"),
        .inModel("retraining: {holdout: 20}", at: "retraining.holdout", "above 0 and below 1", suggest: "0.2"),
        .inModel(
            "retraining: {minimum_rows: 30000}", at: "retraining.minimum_rows", "more than maximum_rows",
            suggest: "20000"),
        .inModel(
            "retraining: {metric: rmse}", at: "retraining.metric", "is rmse, which is not defined for the task binary"),
        .inModel(
            "retraining: {promote: auto}", at: "retraining.promote", "expected one of automatic, manual",
            suggest: "automatic"),
        .inModel(
            "rollback: {minimum_labels: 9000}", at: "rollback.minimum_labels", "more than maximum_labels",
            suggest: "5000"),
    ]

    static let rules: [Mistake] = [
        .inModel(
            "drift: {rules: [{statistic: spi, raise: 0.2}]}", at: "drift.rules[0].statistic", "expected one of psi",
            suggest: "psi"),
        .inModel(
            "drift: {false_alarms: one a month}", at: "drift.false_alarms",
            "expected a number of alarms and a time, such as 1 per 30d"),
        .inModel(
            "drift: {false_alarms: 1 per 300 years}", at: "drift.false_alarms", "at most 100 years",
            suggest: "1 per 30d"),
        .inModel(
            "drift: {false_alarms: 1 per week, calibration: threshold}", at: "drift.calibration",
            "expected one of analytic, empirical"),
        .inModel(
            "drift: {false_alarms: 1 per week, minimum_sample: 5}", at: "drift.minimum_sample",
            "at least 20 events", suggest: "20"),
        .inModel(
            "drift: {false_alarms: 1 per week, smallest_effect: {shift: -1}}", at: "drift.smallest_effect.shift",
            "at least 0"),
        .inModel("reference: {learn: 500, time: t}", at: "reference.time", "belongs to `file`"),
        .inModel(
            "drift: {rules: [], calibration: empirical}", at: "drift.calibration", "`rules` without `false_alarms`",
            suggest: "false_alarms: 1 per 30d"),
        .inModel(
            "drift: {rules: [], columns: [a]}", at: "drift.columns", "belongs to calibrated detection",
            suggest: "false_alarms: 1 per 30d"),
        .inModel(
            "reference: {file: a.csv}\n    drift: {calibration: empirical}", at: "drift.calibration", line: 6,
            "needs the time of the reference's rows", suggest: "models[0].reference.time: timestamp"),
        .inModel(
            "segment_drift: true", at: "segment_drift", "`segments` names no feature", suggest: "segments: [country]"),
        .inModel("drift: {false_alarms: 1}", at: "drift.false_alarms", "is 1; expected a number of alarms and a time"),
        .inModel("drift: {rules: [{statistic: psi}]}", at: "drift.rules[0].raise", "is missing"),
        .inModel(
            "drift: {rules: [{statistic: psi, raise: 0.1, clear: 0.2}]}", at: "drift.rules[0].clear",
            "is 0.2, above the raise level 0.1", suggest: "0.1"),
        .inModel(
            "drift: {rules: [{statistic: psi, raise: 0.1, required: 3, of: 2}]}", at: "drift.rules[0].required",
            "is 3, more than the 2 of `of`", suggest: "of: 3"),
        .inModel(
            "drift: {rules: [{statistic: psi, raise: 0.1, maximum_p_value: 1.5}]}",
            at: "drift.rules[0].maximum_p_value", "above 0 and at most 1", suggest: "0.015"),
        .inModel(
            "quality: {rules: [{check: missing, maximum_share: 2}]}", at: "quality.rules[0].maximum_share",
            "at least 0 and at most 1", suggest: "0.02"),
        .inModel(
            "quality: {rules: [{check: out_of_range, margin: 0.2}]}", at: "quality.rules[0].margin",
            "is 0.2; panes count values beyond 0, 0.1, 0.5, 1 and 10", suggest: "0.1"),
        .inModel(
            "quality: {rules: [{check: mising}]}", at: "quality.rules[0].check", "expected one of missing",
            suggest: "missing"),
        .inModel(
            "quality: {disabled_checks: [duplicate]}", at: "quality.disabled_checks[0]", "expected one of missing",
            suggest: "duplicates"),
        .inModel("segments: [a, b, c, d, e]", at: "segments", "names 5 features; at most 4"),
        .inModel("segments: [a, a]", at: "segments", "names a feature twice"),
        .inModel(
            "drift: {rules: [{statistic: psi, raise: 0.1, columns: []}]}", at: "drift.rules[0].columns",
            "is an empty list"),
        .inModel(
            "drift: {rules: [{statistic: psi, raise: 0.1, severity: fatal}]}", at: "drift.rules[0].severity",
            "expected one of warning, critical"),
        .inModel(
            "performance: {rules: [{metric: accuracy}]}", at: "performance.rules[0]", "has no raise level",
            suggest: "raise_below"),
        .inModel(
            "performance: {rules: [{metric: accuracy, raise_above: 0.8}]}", at: "performance.rules[0].raise_above",
            "where more is better", suggest: "raise_below"),
        .inModel(
            "performance: {rules: [{metric: log_loss, raise_below: 0.8}]}", at: "performance.rules[0].raise_below",
            "where less is better", suggest: "raise_above"),
        .inModel(
            "performance: {rules: [{metric: accuracy, raise_below: 0.8, clear: 0.7}]}",
            at: "performance.rules[0].clear", "wrong side of the raise level 0.8; it must be at or above",
            suggest: "0.8"),
        .inModel(
            "performance: {rules: [{metric: log_loss, raise_above: 0.5, clear: 0.7}]}",
            at: "performance.rules[0].clear", "it must be at or below", suggest: "0.5"),
        .inModel(
            "performance: {rules: [{metric: accuracy, raise_below: 80}]}", at: "performance.rules[0].raise_below",
            "accuracy lies between 0 and 1", suggest: "0.8"),
        .inModel(
            "performance: {rules: [{metric: r2, raise_below: 0.5}]}", at: "performance.rules[0].metric",
            "not defined for the task binary"),
    ]

    static let together: [Mistake] = [
        .below(
            "sources: {dead_letter_topic: outcomes}", at: "sources.dead_letter_topic",
            "is the topic outcomes, which sources.outcomes.topic uses already"),
        .below(
            "publish: {events_topic: predictions}", at: "publish.events_topic", "sources.predictions.topic uses already"
        ),
        .below(
            "publish: {models_topic: tidewatch.events}", at: "publish.models_topic", "publish.events_topic uses already"
        ),
        .below(
            "kafka: {properties: {group.id: x}}", at: "kafka.properties.group.id", "has a key of its own",
            suggest: "kafka.group"),
        .below(
            "kafka: {properties: {enable.auto.commit: true}}", at: "kafka.properties.enable.auto.commit",
            "offsets follow its checkpoints"),
        .below(
            "alerting: {webhooks: [{url: https://a.b, secrets: [a]}, {url: https://a.b, secrets: [a]}]}",
            at: "alerting.webhooks[1].url", "is the address of alerting.webhooks[0].url too"),
    ]

    static let documents: [Mistake] = [
        .whole("", at: "models", line: nil, "is missing"),
        .whole("just text", at: "", line: 1, "is the text \"just text\"; expected a table"),
        .whole("models: [", at: "", line: 2, "is not valid YAML"),
        .whole("agent: {}\nagent: {}", at: "agent", line: 1, "the same key is there twice"),
        .whole("? [a]\n: b", at: "", line: 1, "a key must be a plain word"),
        .whole(String(repeating: "[", count: 100_000), at: "", line: 1, "is not valid YAML"),
        .whole(String(repeating: "#", count: 2_000_000), at: "", line: nil, "is larger than 1MiB"),
        .whole(
            "a: &a [1,1,1,1,1,1,1,1,1,1]\n"
                + (1..<9).map {
                    "\(name($0)): &\(name($0)) [\(Array(repeating: "*" + name($0 - 1), count: 10).joined(separator: ","))]\n"
                }
                .joined(), at: "", line: 1, "more than 100000 values"),
    ]

    private static func name(_ index: Int) -> String { String("abcdefghij".dropFirst(index).prefix(1)) }

    static let files: [Mistake] = [
        .below(
            "sources: {predictions: {file: a.jsonl}, outcomes: {topic: b}}", at: "sources.outcomes.topic",
            "is a topic where predictions come from a file"),
        .below(
            "sources: {predictions: {file: a.jsonl, topic: b}}", at: "sources.predictions.topic",
            "both streams come from files"),
        .below(
            "sources: {outcomes: {file: a.jsonl}}", at: "sources.outcomes.file",
            "is a file where predictions come from a topic", suggest: "sources.predictions.file"),
        .below(
            "sources: {predictions: {file: a.csv.gz}}", at: "sources.predictions.file",
            "is a CSV file, and which columns",
            suggest: "csv: {time_column: …, prediction_column: …, outcome_column: …}"),
        .below(
            "sources: {predictions: {csv: {time_column: t}}}", at: "sources.predictions.csv", "has no file"),
        .below(
            "sources: {predictions: {file: a.csv, csv: {id_column: t}}}", at: "sources.predictions.csv.time_column",
            "is missing"),
        .below(
            "sources: {predictions: {file: a.jsonl}, dead_letter_topic: b}", at: "sources.dead_letter_topic",
            "kafka.bootstrap_servers does not say where", suggest: "leave it out: rejected messages are counted"),
    ]

    @Test(arguments: keysAndTypes + importance + models + rules + together + files + documents)
    func isNamed(_ mistake: Mistake) throws {
        let error = try #require(throws: ConfigurationError.self) {
            try AgentConfiguration.parse(
                mistake.text, path: "a.yaml", environment: ["TIDEWATCH_GROUP": "x", "EMPTY": ""])
        }
        #expect(error.problems.count == 1, "\(error)")
        let problem = try #require(error.problems.first)
        #expect(problem.keyPath == mistake.keyPath)
        #expect(problem.line == mistake.line)
        #expect(problem.message.contains(mistake.message), "\(problem.message)")
        #expect(problem.suggestion == mistake.suggestion)
    }

    @Test(arguments: [
        ("agent.workers", "agent.workers", "expected key=value"),
        ("=3", "=3", "expected key=value"),
        ("agent..workers=3", "agent..workers", "is no key path"),
        ("models[x].name=a", "models[x].name", "has an index that is no whole number"),
        ("models[5].name=a", "models[5].name", "index 5 is past the end: there are 1"),
        ("models.name=a", "models.name", "leads through a value that is no table"),
        ("agent[0]=a", "agent", "is a list"),
        ("agent.wrkers=3", "agent.wrkers", "is no known key"),
        ("agent.workers=[", "agent.workers", "the override's value is not valid YAML"),
        ("agent.workers=many", "agent.workers", "is the text \"many\""),
    ])
    func anOverrideIsCheckedToo(argument: String, keyPath: String, message: String) throws {
        let error = try #require(throws: ConfigurationError.self) {
            try AgentConfiguration.parse(leastConfiguration, overrides: [argument])
        }
        #expect(error.problems.map(\.keyPath) == [keyPath])
        #expect(error.problems.first?.line == nil)
        #expect(error.problems.first?.message.contains(message) == true, "\(error)")
    }

    @Test func allProblemsAreSaidAtOnceInTheOrderOfTheFile() throws {
        let text = """
            agent:
              worker: 2
              checkpoint_interval: 10
            models:
              - name: a
                task: binari
                window: {length: 7d, slide: 2d}
              - name: a
                task: regression
            kafka:
              group: ""
            """
        let error = try #require(throws: ConfigurationError.self) {
            try AgentConfiguration.parse(text, path: "a.yaml", overrides: ["limits.models=0"])
        }
        #expect(
            error.problems.map(\.keyPath) == [
                "agent.worker", "agent.checkpoint_interval", "models[0].task", "models[0].window.slide",
                "models[1].name",
                "kafka.group", "limits.models",
            ])
        #expect(error.problems.map(\.line) == [2, 3, 6, 7, 8, 11, nil])
        #expect(error.description.hasPrefix("a.yaml:2: agent.worker: is no known key; try: workers\na.yaml:3: "))
    }

    @Test func filesThatCannotBeReadAreSaid() throws {
        let missing = try #require(throws: ConfigurationError.self) {
            try AgentConfiguration.load(path: "/nonexistent/a.yaml", environment: [:])
        }
        #expect(missing.description.hasPrefix("/nonexistent/a.yaml: does not exist"))
        let folder = try #require(throws: ConfigurationError.self) {
            try AgentConfiguration.load(path: "/", environment: [:])
        }
        #expect(folder.problems.first?.message == "cannot be read")
    }
}
