import Statistics

/// The target of each row, in the form that splits and comparisons need.
enum TargetCells {
    /// The index of a class, or -1 for a row without one. Binary: 1 for the positive label, 0 for any other.
    case classes([Int], count: Int)
    /// NaN for a row without a finite number.
    case numbers([Double])

    init(_ column: TableColumn, task: ModelTask) {
        switch task {
        case .binary(let positive):
            let found = ClassMatcher(classes: [positive]).indices(of: column)
            self = .classes(
                found.map { $0 == ClassMatcher.missing ? -1 : ($0 == 0 ? 1 : 0) }, count: 2)
        case .multiclass(let classes):
            self = .classes(
                ClassMatcher(classes: classes).indices(of: column).map { max($0, -1) }, count: classes.count)
        case .regression:
            self = .numbers(
                (0..<column.count).map { row in
                    let number = column.number(at: row)
                    return number.isFinite ? number : .nan
                })
        }
    }

    /// The rows that have a target.
    var known: [Int] {
        switch self {
        case .classes(let classes, _): classes.indices.filter { classes[$0] >= 0 }
        case .numbers(let numbers): numbers.indices.filter { !numbers[$0].isNaN }
        }
    }
}
