import Statistics

/// Which columns a step works on. The target, weight, group and time columns are never among them.
public enum ColumnSelection: Codable, Sendable, Equatable {
    case all
    /// Numeric columns; boolean ones are a kind of their own.
    case numeric
    case categorical
    case boolean
    /// Exactly these.
    case names([String])

    /// The names of the feature columns meant, in the table's order, or in that of the list.
    func resolve(in columns: WorkingColumns) throws(LearningError) -> [String] {
        switch self {
        case .all: return columns.featureNames
        case .numeric: return Self.names(of: .numeric, in: columns)
        case .categorical: return Self.names(of: .categorical, in: columns)
        case .boolean: return Self.names(of: .boolean, in: columns)
        case .names(let names):
            var seen: Set<String> = []
            for name in names {
                guard columns.isFeature(name) else { throw Self.noFeature(name, columns) }
                guard seen.insert(name).inserted else {
                    throw LearningError(
                        .duplicateColumn, "a preparation step names \"\(name)\" twice", advice: "Name it once.")
                }
            }
            return names
        }
    }

    private static func names(of kind: ColumnKind, in columns: WorkingColumns) -> [String] {
        columns.features.filter { $0.kind == kind }.map(\.name)
    }

    private static func noFeature(_ name: String, _ columns: WorkingColumns) -> LearningError {
        if columns.has(name) {
            return LearningError(
                .invalidParameter, "a preparation step names \"\(name)\", which is no feature",
                advice: "Steps leave the target, weight, group and time columns alone: name another column.")
        }
        return LearningError(
            .unknownColumn, "a preparation step names \"\(name)\", which is not there",
            advice: "At this step there are: \(columns.featureNames.prefix(40).joined(separator: ", ")).")
    }
}
