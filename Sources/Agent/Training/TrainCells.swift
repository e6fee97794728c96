import Learning
import Statistics

/// Cells that no learner takes: looked for before a table is split, since a fold knows nothing of the table's rows.
/// Rows with an infinite target have none, and are left out.
enum TrainCells {
    /// - Throws: `LearningError`: `.invalidInput` for a weight below 0 or not finite, or if every row weighs nothing;
    ///   `.invalidTarget` for a number beyond single precision, in which learners compute.
    static func check(_ table: Table, problem: LearningProblem) throws(LearningError) {
        if let weights = try problem.sampleWeights(of: table), !weights.contains(where: { $0 > 0 }) {
            throw LearningError(
                .invalidInput, "all \(weights.count) rows weigh 0", advice: "Give some of them a weight above 0.")
        }
        guard problem.task == .regression, let target = table[problem.target] else { return }
        try refuse(
            target, what: "target",
            advice: "A regression target is at most 3.4e+38; leave the cell empty if it is not known."
        ) { $0.isFinite && !Float($0).isFinite }
    }

    /// Text in a target of numbers: its rows are left out, as those without a target are.
    /// - Returns: a sentence for the report; `nil` where every cell is a number or missing.
    /// - Throws: `LearningError(.invalidTarget)` where more than half of the cells that are not missing hold text.
    static func text(inNumeric target: TableColumn) throws(LearningError) -> String? {
        let present = (0..<target.count).filter { target.text(at: $0) != nil }
        let texts = present.filter { target.number(at: $0).isNaN }
        guard let row = texts.first, let text = target.text(at: row) else { return nil }
        let found = "the target \"\(target.name)\" holds text in \(texts.count) of \(present.count) rows"
        let first = "\"\(text.prefix(40))\(text.count > 40 ? "…" : "")\" in row \(row + 1)"
        guard texts.count * 2 <= present.count else {
            throw LearningError(
                .invalidTarget, "\(found), the first \(first)",
                advice: "A regression learns from numbers: name another target, or another --task.")
        }
        return "\(found), and they are left out; the first is \(first)."
    }

    /// - Throws: `LearningError(.invalidTarget)` for a relevance below 0 or beyond single precision.
    static func check(relevance: TableColumn) throws(LearningError) {
        try refuse(
            relevance, what: "relevance",
            advice: "Relevance is a finite number of 0 or more; leave the cell empty if it is not known."
        ) { $0.isFinite && ($0 < 0 || !Float($0).isFinite) }
    }

    private static func refuse(
        _ column: TableColumn, what: String, advice: String, where isBad: (Double) -> Bool
    ) throws(LearningError) {
        guard let row = (0..<column.count).first(where: { isBad(column.number(at: $0)) }) else { return }
        throw LearningError(
            .invalidTarget, "the \(what) \"\(column.name)\" is \"\(column.text(at: row) ?? "")\" in row \(row + 1)",
            advice: advice)
    }
}
