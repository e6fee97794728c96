/// Something in a table that one should know before learning from it. Suspects of leakage have a list of their own.
public enum ProfileNote: Sendable, Equatable {
    case targetCannotBeLearned(column: String)
    case imbalancedTarget(ratio: Double)
    case missingTarget(rows: Int)
    case duplicatesAcrossSplit(RowDuplicates.AcrossSplit)
    case conflictingLabels(rows: Int)
    case repeatedRows(rows: Int)
    case outOfOrder(rows: Int, first: Int)
    case gaps(count: Int)
    case standstill(TemporalProfile.Standstill)
    /// Columns whose largest PSI against the first part is large, the largest first.
    case drift([TemporalProfile.Drift])
    case emptyColumns([String])
    case constantColumns([String])
    case mostlyMissing(column: String, share: Double)
    case infinite(column: String, cells: Int)
    /// Two columns say the same.
    case copies(first: String, second: String, strength: Double)
    /// Names of which most occur seldom.
    case manyCategories(column: String, distinct: Int)
}

extension ProfileNote {
    private static let copyStrength = 0.99
    private static let manyCategories = 100
    /// Notes of one sort; a table of a thousand empty columns needs no thousand lines.
    private static let perSort = 10

    static func all(_ profile: TableProfile, views: [ColumnView]) -> [ProfileNote] {
        target(profile) + rows(profile) + time(profile) + columns(profile, views)
    }

    private static func target(_ profile: TableProfile) -> [ProfileNote] {
        guard let target = profile.target else { return [] }
        var notes: [ProfileNote] = []
        if target.task == .none { notes.append(.targetCannotBeLearned(column: target.name)) }
        if let ratio = target.ratio, target.balance == .imbalanced || target.balance == .extreme {
            notes.append(.imbalancedTarget(ratio: ratio))
        }
        if target.missing > 0, target.task != .none { notes.append(.missingTarget(rows: target.missing)) }
        return notes
    }

    private static func rows(_ profile: TableProfile) -> [ProfileNote] {
        var notes: [ProfileNote] = []
        if let split = profile.duplicates.acrossSplit, split.isSuspicious {
            notes.append(.duplicatesAcrossSplit(split))
        }
        if let rows = profile.duplicates.conflicting, rows > 0 { notes.append(.conflictingLabels(rows: rows)) }
        if profile.duplicates.rows > 0 { notes.append(.repeatedRows(rows: profile.duplicates.rows)) }
        return notes
    }

    private static func time(_ profile: TableProfile) -> [ProfileNote] {
        guard let temporal = profile.temporal else { return [] }
        var notes: [ProfileNote] = []
        if let first = temporal.firstBackwards { notes.append(.outOfOrder(rows: temporal.backwards, first: first)) }
        if temporal.gapCount > 0 { notes.append(.gaps(count: temporal.gapCount)) }
        notes += temporal.standstills.prefix(perSort).map { .standstill($0) }
        let moved = temporal.drift.filter { ($0.largest?.psi ?? 0) >= TemporalProfile.largePSI }
        if !moved.isEmpty { notes.append(.drift(moved)) }
        return notes
    }

    private static func columns(_ profile: TableProfile, _ views: [ColumnView]) -> [ProfileNote] {
        var notes: [ProfileNote] = []
        let empty = views.filter { $0.type == .empty }.map(\.name)
        let constant = views.filter { $0.type == .constant }.map(\.name)
        if !empty.isEmpty { notes.append(.emptyColumns(empty)) }
        if !constant.isEmpty { notes.append(.constantColumns(constant)) }
        let missing = views.filter { $0.type != .empty && 2 * $0.missing > $0.rows }.prefix(perSort)
        notes += missing.map { .mostlyMissing(column: $0.name, share: Double($0.missing) / Double($0.rows)) }
        notes += views.filter { $0.infinite > 0 }.prefix(perSort).map { .infinite(column: $0.name, cells: $0.infinite) }
        let matrix = profile.associations
        for pair in matrix.strongest(perSort) {
            guard let strength = pair.strength, isCopy(pair, strength, profile) else { continue }
            notes.append(
                .copies(first: matrix.columns[pair.first], second: matrix.columns[pair.second], strength: strength))
        }
        notes += views.filter { $0.type == .categorical && $0.distinct >= manyCategories }.prefix(perSort)
            .map { .manyCategories(column: $0.name, distinct: $0.distinct) }
        return notes
    }

    /// A name can fix a number without being the same: it is a copy where there are as many of both.
    private static func isCopy(_ pair: Association, _ strength: Double, _ profile: TableProfile) -> Bool {
        guard case .mixed = pair.measures else { return strength >= copyStrength }
        let names = [pair.first, pair.second].map { profile.associations.columns[$0] }
        let distinct = names.map { profile[$0]?.distinct ?? 0 }
        // Of names that hardly occur twice everything is the same.
        return strength >= 0.9999 && distinct[0] == distinct[1] && 3 * distinct[0] <= pair.count
    }
}
