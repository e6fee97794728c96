import Learning

/// What the analysis found, in words.
enum ProfileSentences {
    private typealias Format = ProfileFormat

    static func text(_ reason: LeakageSuspect.Reason, task: TargetProfile.Task?) -> String {
        switch reason {
        case .nearPerfect(let power, let auc):
            let measure = task == .regression ? "of the variance (R²)" : "of the log loss"
            let area = auc.map { ", AUC \(Format.measure($0))" } ?? ""
            return "predicts the target by itself: \(Format.share(power)) \(measure) on rows not counted on\(area)"
        case .identifier(let isCounter):
            return isCounter
                ? "a number of its own for every row, rising: a counter, or a time (then name it with --time)"
                : "a value of its own for nearly every row: an identifier can only be learned by heart"
        case .missingWithTarget(let rows):
            return "missing in exactly the \(Format.count(rows, "row")) without a target: known only with the outcome"
        case .constantWithinClass(let label, let value, let rows, let share):
            return "\(cell(value)) in all \(Format.count(rows, "row")) of class \(Format.name(label)), in "
                + "\(Format.share(share)) of the others: perhaps known only after the outcome"
        case .constantOutsideClass(let label, let value, let rows, let share):
            return "\(cell(value)) in all \(Format.count(rows, "row")) that are not of class \(Format.name(label)), in "
                + "\(Format.share(share)) of those that are: perhaps known only after the outcome"
        }
    }

    private static func cell(_ value: String?) -> String { value.map { "\"\(Format.name($0))\"" } ?? "missing" }

    static func text(_ note: ProfileNote, isCalendar: Bool) -> String {
        switch note {
        case .targetCannotBeLearned(let column):
            "the target \(Format.name(column)) has fewer than two classes: nothing can be learned"
        case .imbalancedTarget(let ratio):
            "the target is imbalanced: \(Format.number(ratio.rounded())) rows of the most frequent class for one of the rarest"
        case .missingTarget(let rows): "\(Format.count(rows, "row")) without a target"
        case .duplicatesAcrossSplit(let split):
            "\(Format.count(split.shared)) of the \(Format.count(split.holdout)) rows of a hold-out "
                + "(\(split.isByTime ? "the newest fifth" : "a random fifth")) have a twin among the others: "
                + "a test on them measures memory"
        case .conflictingLabels(let rows):
            "\(Format.count(rows, "row")) share all features with a row of another label: no model tells them apart"
        case .repeatedRows(let rows): "\(Format.count(rows, "row")) repeat an earlier one in every column"
        case .outOfOrder(let rows, let first):
            "\(Format.count(rows, "row")) are earlier than the row before; the first is row \(Format.count(first + 1))"
        case .gaps(let count): "\(Format.count(count, "gap")) in time"
        case .standstill(let found): text(found, isCalendar: isCalendar)
        case .drift(let moved): drift(moved)
        case .emptyColumns(let names): "without any value: \(Format.list(names))"
        case .constantColumns(let names): "one value throughout: \(Format.list(names))"
        case .mostlyMissing(let column, let share):
            "\(Format.name(column)) is missing in \(Format.share(share)) of the rows"
        case .infinite(let column, let cells):
            "\(Format.name(column)) has \(Format.count(cells, "infinite cell")), which no statistic counts"
        case .copies(let first, let second, let strength):
            "\(Format.name(first)) and \(Format.name(second)) say nearly the same (\(Format.measure(strength)))"
        case .manyCategories(let column, let distinct):
            "\(Format.name(column)) has \(Format.count(distinct)) categories"
        }
    }

    /// The columns that have moved, and how far at the most.
    private static func drift(_ moved: [TemporalProfile.Drift]) -> String {
        let shown = moved.prefix(8).map { "\(Format.name($0.column)) \(Format.decimal($0.largest?.psi))" }
        let more = moved.count > shown.count ? " and \(Format.count(moved.count - shown.count)) more" : ""
        return "\(Format.count(moved.count, "column")) drifted along time (largest PSI against the first part): "
            + shown.joined(separator: ", ") + more
    }

    /// The longest gaps on one line; `nil` without any.
    static func gaps(_ temporal: TemporalProfile) -> String? {
        guard !temporal.gaps.isEmpty else { return nil }
        let longest = temporal.gaps.sorted { $0.end - $0.start > $1.end - $1.start }.prefix(5)
        let texts = longest.map { gap in
            "\(Format.duration(gap.end - gap.start, isCalendar: temporal.isCalendar)) after "
                + Format.time(gap.start, isCalendar: temporal.isCalendar)
        }
        return "longest gaps: " + texts.joined(separator: "; ")
    }

    /// `vicprice stands still at 0.003467 in rows 1 to 17,424 (0 to 0.425)`.
    static func text(_ found: TemporalProfile.Standstill, isCalendar: Bool) -> String {
        let start = Format.time(found.start, isCalendar: isCalendar)
        let end = Format.time(found.end, isCalendar: isCalendar)
        let state = found.value.map { "stands still at \(Format.name($0))" } ?? "has no value"
        return "\(Format.name(found.column)) \(state) in rows \(Format.count(found.rows.lowerBound + 1)) to "
            + "\(Format.count(found.rows.upperBound)) in order of time (\(start) to \(end))"
    }

    /// `48,842 rows, 15 columns (9 categorical, 6 integer); 0.9% of the cells missing, 45,222 rows complete`.
    static func head(_ profile: TableProfile) -> String {
        let types = SemanticType.allCases.compactMap { type in
            profile.types[type].map { (count: $0, text: "\($0) \(type.rawValue)") }
        }.sorted { $0.count > $1.count }.map(\.text).joined(separator: ", ")
        return "\(Format.count(profile.rows, "row")), \(Format.count(profile.columnCount, "column")) (\(types)); "
            + "\(Format.share(profile.missingShare)) of the cells missing, \(Format.count(profile.completeRows, "row")) complete"
    }

    static func target(_ target: TargetProfile) -> String {
        var text = "\(target.task == .none ? "nothing to learn" : target.task.rawValue)"
        if let positive = target.positive { text += ", positive is \(Format.name(positive))" }
        if let balance = target.balance, let ratio = target.ratio {
            text += "; \(balance.rawValue) (\(Format.number((ratio * 10).rounded() / 10)) to 1)"
        }
        if target.missing > 0 { text += "; \(Format.count(target.missing, "row")) without one" }
        return text
    }

    static func time(_ temporal: TemporalProfile) -> String {
        let isCalendar = temporal.isCalendar
        var parts = [
            "\(Format.time(temporal.start, isCalendar: isCalendar)) to \(Format.time(temporal.end, isCalendar: isCalendar))",
            temporal.backwards == 0 ? "rows in order" : "\(Format.count(temporal.backwards)) steps backwards",
        ]
        if let step = temporal.step, let share = temporal.regularShare {
            let length = Format.duration(step, isCalendar: isCalendar)
            parts.append(share >= 0.8 ? "a step every \(length)" : "irregular steps, median \(length)")
        }
        let repeated = temporal.rows - temporal.distinct
        if repeated > 0 { parts.append("\(Format.count(repeated)) rows share a time with an earlier one") }
        parts.append(temporal.gapCount == 0 ? "no gaps" : Format.count(temporal.gapCount, "gap"))
        if temporal.missing > 0 { parts.append("\(Format.count(temporal.missing, "row")) without a time") }
        return parts.joined(separator: "; ")
    }

    /// How the pairs were looked at.
    static func pairs(_ matrix: AssociationMatrix, rows: Int) -> String {
        var text = "Pearson and Spearman of numbers, bias-corrected Cramér's V of names, correlation ratio of both"
        if matrix.rows < rows { text += "; on \(Format.count(matrix.rows)) rows chosen by a hash of their place" }
        if matrix.leftOut > 0 {
            text +=
                "; only the \(matrix.columns.count) columns that matter most, \(Format.count(matrix.leftOut)) left out"
        }
        return text
    }
}
