import Learning
import Statistics

/// Decisions, and perhaps probabilities, of a multiclass model.
struct MulticlassRows: MetricsRows {
    let usable: [Int]
    private let classes: [String]
    private let actual: [Int]
    private let predicted: [Int]
    private let probabilities: [[Double]]?

    init(_ table: MetricsTable) throws {
        let options = table.options
        let labels = table.labels(try table.column(options.label, option: "--label"))
        let named = try options.prediction.map { table.labels(try table.column($0, option: "--prediction")) }
        let scored = try Self.scores(table)
        guard named != nil || scored != nil else {
            throw MetricsError("a multiclass task needs --prediction, or --score CLASS=COLUMN for every class")
        }
        let known = Set(labels.compactMap(\.self) + (named?.compactMap(\.self) ?? []))
        if let missing = scored.flatMap({ scored in known.subtracting(scored.classes).min() }) {
            throw MetricsError(
                "--score: the class \"\(missing)\" has no column of scores; give --score \(missing)=COLUMN")
        }
        let classes = scored?.classes ?? known.sorted()
        guard classes.count <= PerformanceSummary.maximumClasses else {
            throw MetricsError("\"\(options.label)\" has \(classes.count) labels; is the task regression?")
        }
        let index = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
        let actual = labels.map { $0.flatMap { index[$0] } ?? -1 }
        let rows = scored?.rows
        let predicted =
            named?.map { $0.flatMap { index[$0] } ?? -1 }
            ?? rows?.map { scores in
                scores.contains(where: \.isNaN)
                    ? -1 : scores.indices.max { (scores[$0], $1) < (scores[$1], $0) } ?? -1
            } ?? []
        usable = actual.indices.filter { row in
            actual[row] >= 0 && predicted[row] >= 0
                && (rows.map { $0[row].allSatisfy { $0 >= 0 && $0 <= 1 } } ?? true)
        }
        (self.classes, self.actual, self.predicted) = (classes, actual, predicted)
        probabilities = rows
    }

    private static func scores(_ table: MetricsTable) throws -> (classes: [String], rows: [[Double]])? {
        guard !table.options.scores.isEmpty else { return nil }
        var classes: [String] = []
        var columns: [[Double]] = []
        for entry in table.options.scores {
            guard let equals = entry.lastIndex(of: "=") else {
                throw MetricsError("--score: a multiclass task takes CLASS=COLUMN for every class, not \"\(entry)\"")
            }
            classes.append(String(entry[..<equals]))
            columns.append(try table.numbers(String(entry[entry.index(after: equals)...]), option: "--score"))
        }
        guard Set(classes).count == classes.count else { throw MetricsError("--score names a class twice") }
        return (classes, (0..<table.table.rowCount).map { row in columns.map { $0[row] } })
    }

    private func sample(_ rows: [Int]) -> MulticlassSample {
        MulticlassSample(
            actual: rows.map { actual[$0] }, predicted: rows.map { predicted[$0] },
            probabilities: probabilities.map { scores in rows.map { scores[$0] } }, classes: classes.count)
    }

    func metrics(_ rows: [Int]) -> [MetricsReport.Named] {
        let sample = sample(rows)
        var found = named(sample.metrics)
        for (name, value) in [
            ("roc_auc_ovr_macro", sample.rocAUCOneVersusRest), ("roc_auc_ovo_macro", sample.rocAUCOneVersusOne),
        ] { if let value { found.append((name, MetricValue(value: value, count: Int64(rows.count)))) } }
        return found
    }

    func fill(_ report: inout MetricsReport) {
        let sample = sample(usable)
        report.classes = classes
        report.confusion = sample.confusion
        report.calibration = sample.calibration
    }
}
