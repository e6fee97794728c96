import Statistics

/// What lists are to be put in order: rows of one group are one list, and relevance says what belongs at its top.
public struct RankingProblem: Codable, Sendable, Equatable {
    /// The column of relevance: 0 for irrelevant, more for what should come first.
    public var relevance: String
    /// The column that says which list a row belongs to (a query, a user, a session); rows need not be sorted by it.
    public var group: String
    /// The columns to learn from; `nil` for all others.
    public var features: [String]?

    public init(relevance: String, group: String, features: [String]? = nil) {
        self.relevance = relevance
        self.group = group
        self.features = features
    }

    func featureNames(in table: Table) throws(LearningError) -> [String] {
        try LearningProblem(task: .regression, target: relevance, features: features, group: group)
            .featureNames(in: table)
    }
}

/// The rows of a table list by list, in the order in which the lists first appear.
///
/// Rows without a group or a relevance are left out.
struct RankedLists {
    /// Rows of the table, list after list.
    let rows: [Int]
    /// The number of rows of each list.
    let sizes: [Int]
    /// One per entry of `rows`, 0 or more.
    let relevance: [Double]

    /// - Throws: `LearningError`: `.unknownColumn`, `.noRows`, `.targetMissing`, or `.invalidTarget` for a relevance that is
    ///   below 0 or not finite.
    init(_ table: Table, problem: RankingProblem) throws(LearningError) {
        let (relevance, group) = (
            try table.column(named: problem.relevance), try table.column(named: problem.group)
        )
        guard table.rowCount > 0 else {
            throw LearningError(.noRows, "the table has no rows", advice: "Give lists of at least two rows.")
        }
        var listOfGroup: [String: Int] = [:]
        var lists: [[Int]] = []
        for row in 0..<table.rowCount {
            guard let name = group.text(at: row), let text = relevance.text(at: row) else { continue }
            let value = relevance.number(at: row)
            guard value >= 0, value.isFinite else {
                throw LearningError(
                    .invalidTarget, "the relevance \"\(relevance.name)\" is \"\(text)\" in row \(row + 1)",
                    advice: "Relevance is a finite number of 0 or more; leave the cell empty if it is not known.")
            }
            if let list = listOfGroup[name] {
                lists[list].append(row)
            } else {
                listOfGroup[name] = lists.count
                lists.append([row])
            }
        }
        guard !lists.isEmpty else {
            throw LearningError(
                .targetMissing, "no row has both a relevance and a group",
                advice: "Name the columns \"\(relevance.name)\" and \"\(group.name)\" differently, or fill them.")
        }
        rows = lists.flatMap(\.self)
        sizes = lists.map(\.count)
        self.relevance = rows.map { relevance.number(at: $0) }
    }

    /// Whether some list has rows of different relevance; without one there is no order to learn.
    var hasOrder: Bool {
        var start = 0
        for size in sizes {
            let list = relevance[start..<(start + size)]
            if list.contains(where: { $0 != list[start] }) { return true }
            start += size
        }
        return false
    }
}
