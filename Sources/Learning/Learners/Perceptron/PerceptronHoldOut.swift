import Statistics

/// The rows held out for the validation of a perceptron where no validation table is given.
enum PerceptronHoldOut {
    /// - Parameter share: of the rows, rounded down; a group that passes it is held out whole.
    /// - Returns: both parts in the order of the table; the second may be empty, the first is not.
    static func split(
        _ table: Table, problem: LearningProblem, share: Double, seed: Int
    ) throws(LearningError) -> (training: [Int], validation: [Int]) {
        let all = Array(0..<table.rowCount)
        let wanted = Int(share * Double(all.count))
        guard wanted > 0 else { return (all, []) }
        var generator = SplitMix(seed: SplitMix.mixed(UInt64(seed) &+ 1))
        var held: Set<Int> = []
        if let time = problem.time {
            held = Set(newestFirst(try table.column(named: time)).prefix(wanted))
        } else if let group = problem.group {
            let column = try table.column(named: group)
            var members: [String: [Int]] = [:]
            // A row without a group is one of its own.
            for row in all { members[column.text(at: row).map { "=\($0)" } ?? "\(row)", default: []].append(row) }
            for key in members.keys.sorted().shuffled(using: &generator) where held.count < wanted {
                held.formUnion(members[key] ?? [])
            }
            // One group only: nothing can be held out.
            if held.count == all.count { held = [] }
        } else {
            held = Set(all.shuffled(using: &generator).prefix(wanted))
        }
        return (all.filter { !held.contains($0) }, all.filter(held.contains))
    }

    /// Numbers by value, text by its order; rows without a time are the oldest.
    private static func newestFirst(_ column: TableColumn) -> [Int] {
        let rows = Array(0..<column.count)
        if case .numeric(let numbers) = column.values {
            return rows.sorted {
                let (first, second) = (
                    numbers[$0].isNaN ? -.infinity : numbers[$0], numbers[$1].isNaN ? -.infinity : numbers[$1]
                )
                return first == second ? $0 > $1 : first > second
            }
        }
        let texts = rows.map { column.text(at: $0) ?? "" }
        return rows.sorted { texts[$0] == texts[$1] ? $0 > $1 : texts[$0] > texts[$1] }
    }
}
