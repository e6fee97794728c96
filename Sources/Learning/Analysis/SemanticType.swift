/// What a column seems to hold, which says more than how its cells are stored.
public enum SemanticType: String, Sendable, CaseIterable {
    /// No cell has a value.
    case empty
    /// All cells that have a value have the same.
    case constant
    /// Two values.
    case binary
    /// Names of kinds.
    case categorical
    /// Whole numbers.
    case integer
    /// Numbers with fractions.
    case continuous
    /// Texts that are all dates or times.
    case time
    /// A name or a number of its own for (nearly) every row.
    case identifier
    /// Words.
    case text
}

extension SemanticType {
    /// Enough rows that a value of its own for each of them says something.
    static let identifierRows = 50

    /// Numbers: identifiers are whole, all different, and either dense (a range of at most twice their count, which
    /// values that only happen to differ do not reach) or called so.
    static func ofNumbers(_ profile: NumericProfile, name: String, isCounter: Bool) -> SemanticType {
        guard profile.count > 0 else { return .empty }
        if profile.distinct == 1 { return .constant }
        if profile.distinct == 2 { return .binary }
        guard profile.isWhole else { return .continuous }
        guard profile.distinct == profile.count, profile.count >= identifierRows else { return .integer }
        let isDense = profile.maximum - profile.minimum < 2 * Double(profile.count)
        return isCounter || isDense || hasIdentifierName(name) ? .identifier : .integer
    }

    /// Texts: identifiers differ in at least 95 % of the rows and are one word.
    static func ofTexts(_ profile: CategoryProfile) -> SemanticType {
        guard profile.count > 0 else { return .empty }
        if profile.distinct == 1 { return .constant }
        if profile.distinct == 2 { return .binary }
        let isDistinct = Double(profile.distinct) >= 0.95 * Double(profile.count)
        if profile.meanWords >= 3, Double(profile.distinct) > 0.2 * Double(profile.count) { return .text }
        guard isDistinct, profile.count >= identifierRows else { return .categorical }
        return profile.meanWords < 1.5 ? .identifier : .text
    }

    /// `id`, `user_id`, `USER-ID`, `orderId`, `uuid`.
    static func hasIdentifierName(_ name: String) -> Bool {
        let words = name.split { !$0.isLetter && !$0.isNumber }.map { $0.lowercased() }
        if words.contains(where: { ["id", "ids", "uuid", "guid", "key", "identifier"].contains($0) }) { return true }
        return name.hasSuffix("Id") || name.hasSuffix("ID") && name.dropLast(2).last?.isLowercase == true
    }
}
