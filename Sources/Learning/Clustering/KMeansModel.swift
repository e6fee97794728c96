import Statistics

/// Clusters as their centres. The artifact is a `ModelContainer` "TIDEKMNS" with no payload but the description.
public struct KMeansModel: Codable, Sendable, Equatable {
    public let featureNames: [String]
    /// One per cluster, in the order of `featureNames`.
    public let centres: [[Double]]
    /// Training rows of each cluster.
    public let sizes: [Int]
    /// The weighted sum of squared distances of the training rows to their centres.
    public let inertia: Double
    /// The mean silhouette of the training rows, or of a sample of them; `nil` for one cluster.
    public let silhouette: Double?
    /// Of the run that was kept.
    public let iterations: Int
    /// Whether the run ended before `maximumIterations`.
    public let isConverged: Bool
    public let rows: Int
    public let parameters: KMeansParameters

    static let container = ModelContainer(magic: "TIDEKMNS", formatVersion: 1)

    init(
        featureNames: [String], centres: [[Double]], sizes: [Int], inertia: Double, silhouette: Double?,
        iterations: Int,
        isConverged: Bool, rows: Int, parameters: KMeansParameters
    ) {
        self.featureNames = featureNames
        self.centres = centres
        self.sizes = sizes
        self.inertia = inertia
        self.silhouette = silhouette
        self.iterations = iterations
        self.isConverged = isConverged
        self.rows = rows
        self.parameters = parameters
    }

    /// Loads a model from the bytes of `serialized()`.
    /// - Throws: `LearningError(.corruptModel)` if they are damaged, `.unsupportedModel` for another format version.
    public init(serialized bytes: [UInt8]) throws(LearningError) {
        self = try Self.container.unpack(bytes, header: KMeansModel.self).header
        let width = featureNames.count
        guard width > 0, !centres.isEmpty, centres.allSatisfy({ $0.count == width }), sizes.count == centres.count
        else {
            throw ModelContainer.corrupt("its centres do not fit its features")
        }
    }

    public func serialized() throws(LearningError) -> [UInt8] { try Self.container.pack(header: self, payload: []) }

    /// The nearest centre of every row (the first of equals), found by column name.
    public func assign(
        _ table: Table, control: TrainingControl = TrainingControl()
    ) throws(LearningError) -> KMeansAssignment {
        var found = KMeansAssignment(clusters: [], distances: [], alignment: AlignmentCounts())
        for start in stride(from: 0, to: table.rowCount, by: 8_192) {
            try control.check()
            let rows = start..<min(start + 8_192, table.rowCount)
            let matrix = NumericFeatures.serving(table, names: featureNames, rows: rows, counts: &found.alignment)
            for row in 0..<rows.count {
                let cells = matrix[(row * featureNames.count)..<((row + 1) * featureNames.count)]
                append(cells, to: &found)
            }
        }
        return found
    }

    private func append(_ cells: ArraySlice<Double>, to found: inout KMeansAssignment) {
        var (best, least) = (-1, Double.infinity)
        for (index, centre) in centres.enumerated() {
            let distance = zip(cells, centre).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            // Never for a row with a missing cell, whose distance is NaN.
            if distance < least { (best, least) = (index, distance) }
        }
        found.clusters.append(best)
        found.distances.append(best < 0 ? .nan : least.squareRoot())
    }
}

/// The clusters of the rows of a table.
public struct KMeansAssignment: Sendable, Equatable {
    /// Per row the index of its cluster; -1 if a cell is missing, unreadable or infinite.
    public internal(set) var clusters: [Int]
    /// To its centre, in the units of the columns; NaN where there is none.
    public internal(set) var distances: [Double]
    public internal(set) var alignment: AlignmentCounts
}
