import Learning

/// The columns of a training's table, looked at before anything is learned: which are learned from, which are not and why.
struct TrainColumns {
    let features: [String]
    private(set) var leftOut: [(column: String, reason: String)] = []

    /// More different texts than this share of the rows make a column an identifier.
    static let identifierShare = 0.5

    /// - Throws: `MetricsError` for an option that names no column; `LearningError(.noFeatures)`.
    init(_ table: Table, options: TrainOptions) throws {
        let roles = [
            (options.target, "--target"), (options.time, "--time"), (options.group, "--group"),
            (options.weight, "--weight"),
        ]
        for (name, option) in roles { if let name { _ = try table.asked(name, option: option) } }
        for (names, option) in [
            (options.excluded, "--exclude"), (options.kept, "--keep"), (options.segments, "--segment"),
            (options.protected, "--protected"),
        ] {
            for name in names { _ = try table.asked(name, option: option) }
        }
        let others = Set(roles.compactMap(\.0))
        let (excluded, kept) = (Set(options.excluded), Set(options.kept))
        var features: [String] = []
        for column in table.columns where !others.contains(column.name) {
            if excluded.contains(column.name) {
                leftOut.append((column.name, "excluded"))
            } else if let reason = Self.useless(column) {
                leftOut.append((column.name, reason))
            } else if !kept.contains(column.name), let reason = Self.identifier(column) {
                leftOut.append((column.name, reason + "; --keep learns from it"))
            } else {
                features.append(column.name)
            }
        }
        guard !features.isEmpty else {
            throw LearningError(
                .noFeatures, "no column is left to learn from",
                advice: leftOut.map { "\($0.column): \($0.reason)" }.prefix(10).joined(separator: "; ") + ".")
        }
        self.features = features
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
        case .categorical(let codes, _): isConstant = Set(codes).count == 1
        }
        return isConstant ? "it is the same in every row" : nil
    }

    /// Why a column only names its rows: what is learned of such names holds for no row to come.
    private static func identifier(_ column: TableColumn) -> String? {
        switch column.identifierKind() {
        case .counter: return "it counts the rows"
        case .name: return "it looks like an identifier: a value of its own in (nearly) every row"
        case nil: break
        }
        guard case .categorical(let codes, _) = column.values, column.count > 100 else { return nil }
        let different = Set(codes).count
        return Double(different) > identifierShare * Double(column.count)
            ? "its \(different) different texts look like identifiers" : nil
    }
}
