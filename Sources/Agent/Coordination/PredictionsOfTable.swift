import Learning
import Statistics

/// The column of a reference table that holds what the model said of its rows.
enum PredictionsOfTable {
    /// The column in the kind that live predictions have: numbers for a regression, and for a binary model where they
    /// are no whole numbers (scores); else classes.
    ///
    /// - Throws: `LearningError` where there is no such column, or its cells are nothing that the task's model says.
    static func column(
        _ table: Table, named name: String, path: String, task: ModelTask
    ) throws(LearningError) -> TableColumn {
        guard let column = table[name] else {
            throw LearningError(
                .unknownColumn, "\(path) has no column \"\(name)\", which reference.prediction names",
                advice: "Its columns: \(table.columnNames.joined(separator: ", ")).")
        }
        let numbers: [Double]? = if case .numeric(let numbers) = column.values { numbers } else { nil }
        if task == .regression {
            guard let numbers else {
                throw LearningError(
                    .invalidInput, "column \"\(name)\" of \(path) holds no numbers",
                    advice: "reference.prediction of a regression names the column with the predicted numbers.")
            }
            return TableColumn(name: name, numbers: numbers)
        }
        if case .binary = task, let numbers, numbers.contains(where: { $0.isFinite && $0 != $0.rounded() }) {
            guard numbers.allSatisfy({ $0.isNaN || ($0 >= 0 && $0 <= 1) }) else {
                throw LearningError(
                    .invalidInput, "column \"\(name)\" of \(path) holds numbers outside 0…1",
                    advice: "reference.prediction of a binary model names the column with P(positive), or the class.")
            }
            return TableColumn(name: name, numbers: numbers)
        }
        return TableColumn(name: name, texts: (0..<column.count).map { column.text(at: $0) })
    }
}
