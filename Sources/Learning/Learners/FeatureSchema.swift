public import Statistics

/// The features a model was trained on, in the order of its matrix columns.
public struct FeatureSchema: Codable, Sendable, Equatable {
    public struct Feature: Codable, Sendable, Equatable {
        public let name: String
        public let kind: ColumnKind
        /// Of a categorical feature: the category of each code, most frequent first (ties by name).
        public let categories: [String]

        public init(name: String, kind: ColumnKind, categories: [String] = []) {
            self.name = name
            self.kind = kind
            self.categories = categories
        }
    }

    public let features: [Feature]

    public init(features: [Feature]) { self.features = features }

    public var names: [String] { features.map(\.name) }

    /// - Parameter maximumCategories: the categories kept per column; cells of the rarer ones become missing.
    /// - Throws: `LearningError` for an unknown or repeated name, or if there is none.
    static func fit(
        _ table: Table, names: [String], maximumCategories: Int
    ) throws(LearningError) -> FeatureSchema {
        guard !names.isEmpty else {
            throw LearningError(
                .noFeatures, "there is no feature to learn from",
                advice: "Give a table with at least one column beside the target.")
        }
        var features: [Feature] = []
        var seen: Set<String> = []
        // By name once: a search for each of 50,000 columns takes a minute.
        let columns = Dictionary(
            table.columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for name in names {
            guard seen.insert(name).inserted else {
                throw LearningError(
                    .duplicateColumn, "the feature \"\(name)\" is named twice", advice: "Name each feature once.")
            }
            guard let column = columns[name] else { throw table.unknownColumn(name) }
            features.append(
                Feature(
                    name: name, kind: column.kind,
                    categories: mostFrequent(in: column, maximum: maximumCategories)))
        }
        return FeatureSchema(features: features)
    }

    private static func mostFrequent(in column: TableColumn, maximum: Int) -> [String] {
        guard case .categorical(let codes, let categories) = column.values else { return [] }
        var counts = [Int](repeating: 0, count: categories.count)
        for code in codes where code >= 0 { counts[Int(code)] += 1 }
        let present = counts.indices.filter { counts[$0] > 0 }
        let ordered = present.sorted { (-counts[$0], categories[$0]) < (-counts[$1], categories[$1]) }
        return ordered.prefix(maximum).map { categories[$0] }
    }
}
