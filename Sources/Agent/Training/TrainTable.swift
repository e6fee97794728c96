import Learning
import Statistics

/// The table of a training, looked at before anything is learned: task, features, what is left out and why.
struct TrainTable {
    let table: Table
    let problem: LearningProblem
    let taskReason: String
    private(set) var leftOut: [(column: String, reason: String)] = []

    /// More different texts than this share of the rows make a column an identifier.
    static let identifierShare = 0.5

    init(_ table: Table, options: TrainOptions) throws {
        let named = [
            (options.target, "--target"), (options.time, "--time"), (options.group, "--group"),
            (options.weight, "--weight"),
        ]
        for (name, option) in named { if let name { _ = try table.asked(name, option: option) } }
        for name in options.excluded { _ = try table.asked(name, option: "--exclude") }
        for name in options.segments { _ = try table.asked(name, option: "--segment") }
        for name in options.protected { _ = try table.asked(name, option: "--protected") }
        let target = try table.asked(options.target, option: "--target")
        let found =
            options.task == .auto
            ? try TaskInference(target, positive: options.positive)
            : try TaskInference(target, kind: options.task.rawValue, positive: options.positive)
        taskReason = found.reason
        let roles = Set(named.compactMap(\.0))
        let excluded = Set(options.excluded)
        var features: [String] = []
        for column in table.columns where !roles.contains(column.name) {
            if excluded.contains(column.name) {
                leftOut.append((column.name, "excluded"))
            } else if let reason = Self.useless(column) {
                leftOut.append((column.name, reason))
            } else {
                features.append(column.name)
            }
        }
        guard !features.isEmpty else {
            throw LearningError(
                .noFeatures, "no column is left to learn from",
                advice: leftOut.map { "\($0.column): \($0.reason)" }.prefix(10).joined(separator: "; ") + ".")
        }
        self.table = table
        problem = LearningProblem(
            task: found.task, target: options.target, features: features, weight: options.weight, group: options.group,
            time: options.time)
    }

    /// Why nothing can be learned from a column; `nil` if something can.
    private static func useless(_ column: TableColumn) -> String? {
        if column.missingCount == column.count { return "every cell is missing" }
        let isConstant: Bool
        switch column.values {
        case .numeric(let numbers):
            let first = numbers.first { !$0.isNaN }
            isConstant = column.missingCount == 0 && numbers.allSatisfy { $0 == first }
        case .boolean(let flags): isConstant = Set(flags).count == 1
        case .categorical(let codes, _):
            let different = Set(codes)
            isConstant = different.count == 1
            if column.count > 100, Double(different.count) > identifierShare * Double(column.count) {
                return "its \(different.count) different texts look like identifiers"
            }
        }
        return isConstant ? "it is the same in every row" : nil
    }
}
