import Learning

/// The profile for eyes on a terminal: what to worry about first, then one line a column, then pairs and time.
struct ProfileText {
    private typealias Format = ProfileFormat

    /// Columns and pairs that are listed; all are in the JSON and on the page.
    private static let shownColumns = 60
    private static let shownPairs = 12

    var usesColour: Bool

    /// The whole text, ending in a newline.
    func render(_ profile: TableProfile, of path: String) -> String {
        var lines = [ComparisonFormat.printable(path), ProfileSentences.head(profile)]
        if let target = profile.target { lines += [""] + describe(target) }
        lines += suspects(profile) + notes(profile)
        lines += numbers(profile) + names(profile) + leftOut(profile)
        lines += information(profile) + pairs(profile)
        if let temporal = profile.temporal { lines += time(temporal, profile) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func title(_ text: String) -> String { coloured(text, "1") }

    private func coloured(_ text: String, _ code: String) -> String {
        usesColour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// A table under its title; numbers stand right, the first `words` columns are words.
    private func section(_ name: String, _ rows: [[String]], words: Int) -> [String] {
        guard rows.count > 1 else { return [] }
        let table = aligned(rows, leftAligned: words)
        return ["", title(name), coloured(table[0], "2")] + table.dropFirst()
    }

    private func describe(_ target: TargetProfile) -> [String] {
        var lines = ["\(title("target")) \(Format.name(target.name)): \(ProfileSentences.target(target))"]
        let largest = Double(max(1, target.classes.map(\.count).max() ?? 1))
        let rows = target.classes.prefix(10).map { name, count in
            let bar = String(repeating: "█", count: max(1, Int((Double(count) / largest * 30).rounded())))
            return [Format.name(name), bar, Format.share(Double(count) / Double(max(1, target.labelled)))]
        }
        if !rows.isEmpty { lines += aligned(rows, leftAligned: 2).map { "  " + $0 } }
        if target.classes.count > 10 { lines.append("  and \(target.distinct - 10) more classes") }
        return lines
    }

    private func suspects(_ profile: TableProfile) -> [String] {
        guard !profile.suspects.isEmpty else {
            return profile.target == nil ? [] : ["", "\(title("suspects of leakage")): none"]
        }
        var lines = ["", title("suspects of leakage")]
        for suspect in profile.suspects {
            for reason in suspect.reasons {
                let text = ProfileSentences.text(reason, task: profile.target?.task)
                lines.append("  " + coloured(Format.name(suspect.column), "31") + "  " + text)
            }
        }
        return lines
    }

    private func notes(_ profile: TableProfile) -> [String] {
        guard !profile.notes.isEmpty else { return [] }
        let isCalendar = profile.temporal?.isCalendar ?? false
        return ["", title("notes")] + profile.notes.map { "  " + ProfileSentences.text($0, isCalendar: isCalendar) }
    }

    private func numbers(_ profile: TableProfile) -> [String] {
        var rows = [
            [
                "column", "type", "distribution", "missing", "distinct", "min", "median", "mean", "max", "sd", "skew",
                "outliers",
            ]
        ]
        for column in shown(profile) {
            guard let numbers = column.numeric else { continue }
            let isTime = column.type == .time
            func value(_ value: Double?) -> String {
                isTime ? value.map { Format.time($0, isCalendar: true) } ?? "–" : Format.number(value)
            }
            let outliers = numbers.quartileOutliers.map { Double($0.count) / Double(numbers.count) }
            rows.append([
                Format.name(column.name), column.type.rawValue, Format.sparkline(column.cells.counts.map(Double.init)),
                Format.share(column.missingShare), Format.count(column.distinct), value(numbers.minimum),
                value(numbers.median), value(numbers.mean), value(numbers.maximum),
                isTime ? "–" : value(numbers.standardDeviation), isTime ? "–" : Format.decimal(numbers.skewness),
                isTime ? "–" : Format.share(outliers),
            ])
        }
        return section("numbers (outliers: beyond 1.5 interquartile ranges)", rows, words: 3)
    }

    private func names(_ profile: TableProfile) -> [String] {
        var rows = [["column", "type", "most frequent", "missing", "distinct"]]
        for column in shown(profile) where column.numeric == nil {
            let top = column.category?.top.prefix(3).map { name, count in
                "\(Format.name(name)) \(Format.share(Double(count) / Double(max(1, column.category?.count ?? 1))))"
            }
            rows.append([
                Format.name(column.name), column.type.rawValue, top?.joined(separator: ", ") ?? "",
                Format.share(column.missingShare), Format.count(column.distinct),
            ])
        }
        return section("names", rows, words: 3)
    }

    private func shown(_ profile: TableProfile) -> ArraySlice<ColumnProfile> {
        profile.columns.prefix(Self.shownColumns)
    }

    private func leftOut(_ profile: TableProfile) -> [String] {
        let rest = profile.columnCount - shown(profile).count
        guard rest > 0 else { return [] }
        let described = profile.columns.count - shown(profile).count
        return ["", "\(Format.count(rest, "more column")), \(Format.count(described)) of them with --format json"]
    }

    private func information(_ profile: TableProfile) -> [String] {
        let isRegression = profile.target?.task == .regression
        var rows = [
            ["column", "of what the target holds", "information", isRegression ? "R² alone" : "loss explained"]
        ]
        if profile.target?.task == .binary { rows[0].append("AUC alone") }
        for column in profile.columnsByInformation.prefix(25) {
            guard let relation = column.relation, let share = relation.informationShare else { continue }
            var row = [
                Format.name(column.name), String(repeating: "█", count: Int((share * 30).rounded())),
                Format.share(share), Format.share(relation.predictivePower),
            ]
            if profile.target?.task == .binary { row.append(Format.measure(relation.auc)) }
            rows.append(row)
        }
        return section("what each column says of the target, by itself", rows, words: 2)
    }

    private func pairs(_ profile: TableProfile) -> [String] {
        let matrix = profile.associations
        var rows = [["pair", "measure", "value"]]
        for pair in matrix.strongest(Self.shownPairs) {
            let (measure, value) = Self.measure(pair)
            rows.append([
                "\(Format.name(matrix.columns[pair.first])) – \(Format.name(matrix.columns[pair.second]))", measure,
                value,
            ])
        }
        let section = section("the strongest pairs", rows, words: 2)
        return section.isEmpty ? [] : section + ["(\(ProfileSentences.pairs(matrix, rows: profile.rows)))"]
    }

    static func measure(_ pair: Association) -> (name: String, value: String) {
        switch pair.measures {
        case .numbers(let pearson, let spearman):
            ("pearson / spearman", "\(Format.measure(pearson)) / \(Format.measure(spearman))")
        case .categories(let value): ("cramers_v", Format.measure(value))
        case .mixed(let value): ("correlation_ratio", Format.measure(value))
        }
    }

    private func time(_ temporal: TemporalProfile, _ profile: TableProfile) -> [String] {
        var lines = [
            "", "\(title("along")) \(title(Format.name(temporal.column))): \(ProfileSentences.time(temporal))",
        ]
        if let gaps = ProfileSentences.gaps(temporal) { lines.append("  " + gaps) }
        var rows = [["column", "level", "PSI by part", "largest PSI", "in part"]]
        for drift in temporal.drift.prefix(30) {
            rows.append([
                Format.name(drift.column), Format.course(drift.levels, RateScale(drift, profile)),
                Format.course(
                    drift.psi, RateScale(low: 0, high: max(TemporalProfile.largePSI, drift.largest?.psi ?? 0))),
                Format.decimal(drift.largest?.psi), drift.largest.map { "\($0.part + 1)" } ?? "–",
            ])
        }
        let parts = "drift in \(temporal.parts.count) parts of equally many rows, against the first"
        return lines + section(parts, rows, words: 3)
    }
}
