import CXGBoost
import Statistics

/// Owner of a DMatrix: features and labels in XGBoost's own memory.
struct TrainingMatrix: ~Copyable {
    let handle: DMatrixHandle

    private init(takingOwnership handle: DMatrixHandle) { self.handle = handle }

    /// - Parameter matrix: row by row, NaN for missing.
    static func filled(
        matrix: [Float], rows: Int, schema: FeatureSchema, threads: Int
    ) throws(LearningError) -> TrainingMatrix {
        var created: DMatrixHandle?
        let status = matrix.withUnsafeBufferPointer { matrix in
            XGDMatrixCreateFromDense(
                LibraryCall.arrayInterface(matrix, rows: rows, columns: schema.features.count),
                #"{"missing":NaN,"nthread":\#(threads)}"#, &created)
        }
        try LibraryCall.check(status, "take over the table")
        guard let created else { preconditionFailure("XGBoost gave no matrix and no error") }
        let result = TrainingMatrix(takingOwnership: created)
        for (field, texts) in [("feature_type", schema.libraryTypes), ("feature_name", schema.names)] {
            let status = LibraryCall.withCStrings(texts) {
                XGDMatrixSetStrFeatureInfo(created, field, $0, bst_ulong(texts.count))
            }
            try LibraryCall.check(status, "take over the \(field)s")
        }
        return result
    }

    /// - Parameter field: `label` or `weight`, one number per row (of a ranking, one weight per group).
    borrowing func set(_ field: String, _ values: [Float]) throws(LearningError) {
        try LibraryCall.check(
            XGDMatrixSetFloatInfo(handle, field, values, bst_ulong(values.count)), "take over the \(field)s")
    }

    /// The sizes of the groups, whose rows follow each other.
    borrowing func setGroups(_ sizes: [UInt32]) throws(LearningError) {
        try LibraryCall.check(
            XGDMatrixSetUIntInfo(handle, "group", sizes, bst_ulong(sizes.count)), "take over the groups")
    }

    deinit { XGDMatrixFree(handle) }
}

/// A matrix with its labels, which gradients of our own need too.
final class TrainingRows {
    let matrix: TrainingMatrix
    let labels: [Float]
    let weights: [Float]?

    /// - Parameter cells: row by row, NaN for missing, one row per label.
    init(
        cells: [Float], labels: [Float], weights: [Float]? = nil, groups: [UInt32]? = nil, schema: FeatureSchema,
        threads: Int
    ) throws(LearningError) {
        let matrix = try TrainingMatrix.filled(matrix: cells, rows: labels.count, schema: schema, threads: threads)
        try matrix.set("label", labels)
        if let weights { try matrix.set("weight", weights) }
        if let groups { try matrix.setGroups(groups) }
        self.matrix = matrix
        self.labels = labels
        self.weights = weights
    }
}

extension FeatureSchema {
    /// XGBoost's feature types: quantitative, indicator, categorical (which makes it partition the categories).
    var libraryTypes: [String] {
        features.map { feature in
            switch feature.kind {
            case .numeric: "q"
            case .boolean: "i"
            case .categorical: "c"
            }
        }
    }
}
