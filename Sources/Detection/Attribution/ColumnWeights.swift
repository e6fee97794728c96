/// How much each column matters to a model, for saying which columns carry a verdict.
public struct ColumnWeights: Codable, Sendable, Equatable {
    /// Where the weights come from.
    public enum Source: String, Codable, Sendable {
        /// The model's own: each feature's part of the loss that its splits remove.
        case model
        /// Somebody has written them down.
        case configuration
        /// Nothing is known: all columns alike.
        case equal
    }

    public let source: Source
    private let weights: [String: Double]

    /// All columns alike.
    public static let equal = ColumnWeights([:], source: .equal)

    /// - Parameter weights: in any unit; they are divided by their sum. Those that are negative or not finite are left
    ///   out. Where none is above 0 the columns weigh alike.
    public init(_ weights: [String: Double], source: Source) {
        let usable = weights.filter { $0.value.isFinite && $0.value >= 0 }
        // Divided by the largest first: the sum of large weights may not be finite.
        let largest = usable.values.max() ?? 0
        guard source != .equal, largest > 0 else {
            self.source = .equal
            self.weights = [:]
            return
        }
        let sum = usable.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value / largest }
        self.source = source
        self.weights = usable.mapValues { $0 / largest / sum }
    }

    /// The column's part of the whole, 0…1; `nil` where nothing is known of it, and where all columns weigh alike.
    public func weight(of column: String) -> Double? { weights[column] }
}
