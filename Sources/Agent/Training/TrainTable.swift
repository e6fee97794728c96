import Learning
import Statistics

/// The table of a training that predicts a target: its task, its features, what is left out and why.
struct TrainTable {
    let problem: LearningProblem
    let taskReason: String
    let leftOut: [(column: String, reason: String)]
    /// What a reader should know of its cells.
    let warnings: [String]

    init(_ table: Table, options: TrainOptions) throws {
        let target = try table.asked(options.target ?? "", option: "--target")
        let found =
            options.task == .auto
            ? try TaskInference(target, positive: options.positive)
            : try TaskInference(target, kind: options.task.rawValue, positive: options.positive)
        try options.validate(for: found.task, of: target)
        warnings = found.task == .regression ? [try TrainCells.text(inNumeric: target)].compactMap(\.self) : []
        let columns = try TrainColumns(table, options: options)
        taskReason = found.reason
        leftOut = columns.leftOut
        problem = LearningProblem(
            task: found.task, target: target.name, features: columns.features, weight: options.weight,
            group: options.group, time: options.time)
        try TrainCells.check(table, problem: problem)
    }
}
