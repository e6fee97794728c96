import Statistics

/// Checks across the keys of a table. Each speaks only of keys that are there and right by themselves.
enum ConfigurationRules {
    static let topicsDiffer: ConfigurationRule = { root in
        let sources = root.table("sources")
        let publish = root.table("publish")
        let replicas = root.table("replicas").flatMap { $0.boolean("enabled") == true ? $0 : nil }
        let named: [(table: CheckedTable?, key: String)] = [
            (sources?.table("predictions"), "topic"), (sources?.table("outcomes"), "topic"),
            (sources, "dead_letter_topic"), (publish, "events_topic"), (publish, "models_topic"),
            (replicas, "panes_topic"), (root.table("replicas"), "control_topic"),
        ]
        // Predictions and outcomes may share a topic; what the agent writes must not come back as its input.
        return named.indices.dropFirst(2).compactMap { index in
            guard let table = named[index].table, let topic = table.text(named[index].key) else { return nil }
            let other = named[..<index].first { $0.table?.text($0.key) == topic }
            guard let other, let otherTable = other.table else { return nil }
            return table.problem(
                at: named[index].key, "is the topic \(topic), which \(otherTable.keyPath).\(other.key) uses already")
        }
    }

    static let modelsDiffer: ConfigurationRule = { root in
        let models = root.tables("models")
        var problems = repeated(models, key: "name") { first in
            "is the name of \(first.keyPath) too\(first.line.map { " (line \($0))" } ?? "")"
        }
        if let limit = root.table("limits")?.integer("models"), models.count > limit {
            problems.append(
                root.problem(
                    at: "models", "lists \(models.count) models; limits.models allows \(limit)",
                    suggestion: "limits.models: \(models.count)"))
        }
        return problems
    }

    static let webhooksDiffer: ConfigurationRule = { alerting in
        repeated(alerting.tables("webhooks"), key: "url") { "is the address of \($0.keyPath) too" }
    }

    static let slideDividesLength: ConfigurationRule = { window in
        guard let length = window.integer("length"), let slide = window.integer("slide") else { return [] }
        guard length % slide != 0 else { return [] }
        let divisors = [ConfigurationKeys.day, ConfigurationKeys.hour, 60_000_000, 1_000_000, 1_000, 1]
        let fitting = slide > length ? length : divisors.first { $0 <= slide && length % $0 == 0 } ?? length
        return [
            window.problem(
                at: "slide",
                "is \(UnitText.describe(microseconds: slide)), which does not divide the length "
                    + UnitText.describe(microseconds: length), suggestion: UnitText.describe(microseconds: fitting))
        ]
    }

    /// The evaluator adds up every pane of a window for each window.
    static let panesAreWithinReason: ConfigurationRule = { model in
        guard let window = model.table("window"), let length = window.integer("length"),
            let slide = window.integer("slide"), slide > 0, length / slide > 10_000
        else { return [] }
        return [
            window.problem(
                at: "slide", "makes \(length / slide) panes of a window; at most 10000",
                suggestion: UnitText.describe(microseconds: (length / 10_000 / 1_000_000 + 1) * 1_000_000))
        ]
    }

    static let persistenceIsPossible: ConfigurationRule = { rule in
        guard let required = rule.integer("required"), let of = rule.integer("of"), required > of else { return [] }
        return [
            rule.problem(
                at: "required", "is \(required), more than the \(of) of `of`", suggestion: "of: \(required)")
        ]
    }

    static let marginIsCounted: ConfigurationRule = { rule in
        guard let margin = rule.number("margin"), RangeMargin(share: margin) == nil else { return [] }
        let shares = RangeMargin.allCases.map(\.share)
        let nearest = shares.min { abs($0 - margin) < abs($1 - margin) }
        return [
            rule.problem(
                at: "margin", "is \(margin); panes count values beyond 0, 0.1, 0.5, 1 and 10 times the range",
                suggestion: nearest.map { "\($0)" })
        ]
    }

    static let driftLevelsAreOrdered: ConfigurationRule = { rule in
        guard let raise = rule.number("raise"), let clear = rule.number("clear"), clear > raise else { return [] }
        return [
            rule.problem(
                at: "clear", "is \(clear), above the raise level \(raise); it must be at or below it",
                suggestion: "\(raise)")
        ]
    }

    static let referenceHasOneSource: ConfigurationRule = { reference in
        var problems: [ConfigurationProblem] = []
        let usesRegistry = reference.boolean("registry") == true
        if reference.mentions("file") {
            for key in ["learn", "registry"] where key == "learn" ? reference.has("learn") : usesRegistry {
                problems.append(
                    reference.problem(at: key, "cannot stand beside `file`, which is the reference already"))
            }
        } else {
            for key in ["target", "prediction", "time"] where reference.has(key) {
                problems.append(reference.problem(at: key, "belongs to `file`, which is not given"))
            }
            if !usesRegistry, !reference.mentions("learn"), !reference.faultyKeys.contains("registry") {
                problems.append(
                    reference.problem(
                        "says no reference; expected one of registry: true, learn, file", suggestion: "registry: true"))
            }
        }
        return problems
    }

    static let propertiesAreFree: ConfigurationRule = { properties in
        properties.entries.compactMap { entry in
            guard let reserved = reservedProperties[entry.key] else { return nil }
            return ConfigurationProblem(
                keyPath: entry.value.keyPath, line: entry.value.line,
                message: reserved.reason, suggestion: reserved.instead)
        }
    }

    /// Properties that other keys or the agent's own guarantees decide.
    private static let reservedProperties: [String: (reason: String, instead: String?)] = {
        let ownKey = "has a key of its own"
        let checkpoint = "is decided by the agent: offsets follow its checkpoints"
        return [
            "bootstrap.servers": (ownKey, "kafka.bootstrap_servers"),
            "metadata.broker.list": (ownKey, "kafka.bootstrap_servers"),
            "group.id": (ownKey, "kafka.group"),
            "group.instance.id": (ownKey, "kafka.instance_id"),
            "auto.offset.reset": (ownKey, "sources.start"),
            "enable.auto.commit": (checkpoint, nil),
            "enable.auto.offset.store": (checkpoint, nil),
            "enable.partition.eof": ("is decided by the agent: lag and idle partitions follow from it", nil),
            "partition.assignment.strategy": ("is decided by the agent: outcomes must follow their predictions", nil),
        ]
    }()

    static func minimumIsAtMostMaximum(_ minimumKey: String, _ maximumKey: String) -> ConfigurationRule {
        { table in
            guard let minimum = table.integer(minimumKey), let maximum = table.integer(maximumKey), minimum > maximum
            else { return [] }
            return [
                table.problem(
                    at: minimumKey, "is \(minimum), more than \(maximumKey), which is \(maximum)",
                    suggestion: "\(maximum)")
            ]
        }
    }

    private static func repeated(
        _ tables: [CheckedTable], key: String, message: (CheckedValue) -> String
    ) -> [ConfigurationProblem] {
        var seen: [String: CheckedValue] = [:]
        var problems: [ConfigurationProblem] = []
        for table in tables {
            guard let text = table.text(key), let value = table[key] else { continue }
            if let first = seen[text] {
                problems.append(table.problem(at: key, message(first)))
            } else {
                seen[text] = value
            }
        }
        return problems
    }
}
