import CXGBoost
import Statistics

/// Owner of a DMatrix: features and labels in XGBoost's own memory.
struct TrainingMatrix: ~Copyable {
    let handle: DMatrixHandle

    private init(takingOwnership handle: DMatrixHandle) { self.handle = handle }

    /// - Parameter matrix: row by row, NaN for missing, one row per label.
    static func filled(
        matrix: [Float], labels: [Float], schema: FeatureSchema, threads: Int
    ) throws(LearningError) -> TrainingMatrix {
        var created: DMatrixHandle?
        let status = matrix.withUnsafeBufferPointer { matrix in
            XGDMatrixCreateFromDense(
                LibraryCall.arrayInterface(matrix, rows: labels.count, columns: schema.features.count),
                #"{"missing":NaN,"nthread":\#(threads)}"#, &created)
        }
        try LibraryCall.check(status, "take over the table")
        guard let created else { preconditionFailure("XGBoost gave no matrix and no error") }
        let result = TrainingMatrix(takingOwnership: created)
        try LibraryCall.check(
            XGDMatrixSetFloatInfo(created, "label", labels, bst_ulong(labels.count)), "take over the target")
        for (field, texts) in [("feature_type", schema.libraryTypes), ("feature_name", schema.names)] {
            let status = LibraryCall.withCStrings(texts) {
                XGDMatrixSetStrFeatureInfo(created, field, $0, bst_ulong(texts.count))
            }
            try LibraryCall.check(status, "take over the \(field)s")
        }
        return result
    }

    deinit { XGDMatrixFree(handle) }
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
