extension ConfigurationRules {
    /// Both streams come from Kafka, or neither does.
    static let oneKindOfSource: ConfigurationRule = { sources in
        guard let predictions = sources.table("predictions"), let outcomes = sources.table("outcomes") else {
            return []
        }
        var problems: [ConfigurationProblem] = []
        if predictions.has("file") {
            for table in [predictions, outcomes] where table.writtenKeys.contains("topic") {
                problems.append(
                    table.problem(
                        at: "topic",
                        "is a topic where predictions come from a file; both streams come from files, or both from topics"
                    ))
            }
        } else if outcomes.has("file") {
            problems.append(
                outcomes.problem(
                    at: "file",
                    "is a file where predictions come from a topic; both streams come from files, or both "
                        + "from topics", suggestion: "sources.predictions.file"))
        }
        return problems + [predictions, outcomes].flatMap(tableProblems)
    }

    private static func tableProblems(_ stream: CheckedTable) -> [ConfigurationProblem] {
        guard let path = stream.text("file") else {
            return stream.has("csv") ? [stream.problem(at: "csv", "has no file to be the columns of")] : []
        }
        let name = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
        guard name.hasSuffix(".csv"), !stream.mentions("csv") else { return [] }
        return [
            stream.problem(
                at: "file", "is a CSV file, and which columns are what is not said",
                suggestion: "csv: {time_column: …, prediction_column: …, outcome_column: …}")
        ]
    }

    /// Rows can be read again from topics that this agent itself reads.
    static let logIsThere: ConfigurationRule = { root in
        let isShared = root.table("replicas")?.boolean("enabled") == true
        let areFiles = root.table("sources")?.table("predictions")?.has("file") == true
        guard isShared || areFiles else { return [] }
        return root.tables("models").compactMap { $0.table("retraining") }.filter { $0.text("source") == "log" }.map {
            $0.problem(
                at: "source",
                areFiles
                    ? "is log, and the sources are files, which are not kept for that"
                    : "is log, and with replicas.enabled nobody knows where in the topics the rows of all are",
                suggestion: "source: buffer")
        }
    }

    /// What only Kafka and a single model make possible.
    static let filesHaveWhatTheyNeed: ConfigurationRule = { root in
        guard let sources = root.table("sources"), let predictions = sources.table("predictions"),
            predictions.has("file")
        else { return [] }
        var problems: [ConfigurationProblem] = []
        if let replicas = root.table("replicas"), replicas.boolean("enabled") == true {
            problems.append(
                replicas.problem(
                    at: "enabled", "needs topics that a consumer group shares, and the sources are files",
                    suggestion: "leave replicas out"))
        }
        let models = root.tables("models").count
        for stream in [predictions, sources.table("outcomes")].compactMap(\.self) where stream.has("csv") && models > 1
        {
            problems.append(
                stream.problem(at: "csv", "is a table of one model's rows, and \(models) models are watched"))
        }
        if sources.has("dead_letter_topic"), root.table("kafka")?.mentions("bootstrap_servers") != true {
            problems.append(
                sources.problem(
                    at: "dead_letter_topic", "is a topic, and kafka.bootstrap_servers does not say where",
                    suggestion: "leave it out: rejected messages are counted"))
        }
        return problems
    }
}
