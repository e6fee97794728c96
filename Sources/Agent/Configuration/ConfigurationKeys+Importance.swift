extension ConfigurationKeys {
    static let importance = ConfigurationKey(
        "importance", .properties(of: .number(.notNegative), rules: [ConfigurationRules.someColumnMatters]),
        "How much each column matters to a model that the agent did not train, in any unit: weights for saying which columns carry a drift. Trained versions bring their own, which goes before this. Absent: all columns alike."
    )
}

extension ConfigurationRules {
    /// Weights that are all zero say nothing.
    static let someColumnMatters: ConfigurationRule = { table in
        guard table.faultyKeys.isEmpty, !table.entries.contains(where: { table.number($0.key) ?? 0 > 0 }) else {
            return []
        }
        return [
            table.problem("gives no column a weight above 0; name one that matters, or take importance away")
        ]
    }
}

extension ModelConfiguration {
    static func importance(_ table: CheckedTable) -> [String: Double] {
        Dictionary(table.entries.compactMap { entry in table.number(entry.key).map { (entry.key, $0) } }) { $1 }
    }
}
