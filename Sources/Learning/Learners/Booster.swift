import CXGBoost

/// Owner of an XGBoost booster. Its results lie in buffers of the calling thread and are copied before returning.
struct Booster: ~Copyable {
    private let handle: BoosterHandle

    private init(takingOwnership handle: BoosterHandle) { self.handle = handle }

    /// A booster without trees, ready to be trained on the matrix.
    static func untrained(
        on training: borrowing TrainingMatrix, settings: [(String, String)]
    ) throws(LearningError) -> Booster {
        try created(for: [training.handle], settings: settings)
    }

    /// The same, to be watched on a second matrix (whose predictions it then keeps up to date, round by round).
    static func untrained(
        on training: borrowing TrainingMatrix, watching validation: borrowing TrainingMatrix,
        settings: [(String, String)]
    ) throws(LearningError) -> Booster {
        try created(for: [training.handle, validation.handle], settings: settings)
    }

    /// A trained booster from the bytes of `ubj()`.
    static func loaded(fromUBJ bytes: [UInt8], threads: Int) throws(LearningError) -> Booster {
        let booster = try created(for: [], settings: [])
        try LibraryCall.check(
            XGBoosterLoadModelFromBuffer(booster.handle, bytes, bst_ulong(bytes.count)), "load the model")
        try booster.set([("nthread", "\(threads)")])
        return booster
    }

    deinit { XGBoosterFree(handle) }

    private static func created(
        for matrices: [DMatrixHandle?], settings: [(String, String)]
    ) throws(LearningError) -> Booster {
        var created: BoosterHandle?
        try LibraryCall.check(XGBoosterCreate(matrices, bst_ulong(matrices.count), &created), "start a model")
        guard let created else { preconditionFailure("XGBoost gave no booster and no error") }
        let booster = Booster(takingOwnership: created)
        try booster.set(settings)
        return booster
    }

    private borrowing func set(_ settings: [(String, String)]) throws(LearningError) {
        for (name, value) in settings {
            try LibraryCall.check(XGBoosterSetParam(handle, name, value), "set \(name) to \(value)")
        }
    }

    /// One boosting round.
    borrowing func update(round: Int, training: borrowing TrainingMatrix) throws(LearningError) {
        try LibraryCall.check(XGBoosterUpdateOneIter(handle, Int32(round), training.handle), "grow round \(round + 1)")
    }

    /// One boosting round on the gradients and hessians of another loss, one of each per row.
    borrowing func boost(
        training: borrowing TrainingMatrix, gradients: inout [Float], hessians: inout [Float]
    ) throws(LearningError) {
        try LibraryCall.check(
            XGBoosterBoostOneIter(handle, training.handle, &gradients, &hessians, bst_ulong(gradients.count)),
            "grow a round")
    }

    /// The leaf that each row falls into, in the only tree of a round, as the number of its node.
    borrowing func leaves(of matrix: borrowing TrainingMatrix, round: Int) throws(LearningError) -> [Int] {
        // The library says leaves of all rounds up to one only, or of a slice.
        let tree = try slice(rounds: round..<(round + 1))
        return try tree.predict(matrix, kind: 6).map { Int($0) }
    }

    /// What XGBoost's prediction types 2 to 6 say of each row (contributions, interactions, leaves), row by row.
    borrowing func predict(_ matrix: borrowing TrainingMatrix, kind: Int) throws(LearningError) -> [Float] {
        var shape: UnsafePointer<bst_ulong>?
        var dimensions: bst_ulong = 0
        var result: UnsafePointer<Float>?
        let options =
            #"{"type":\#(kind),"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false}"#
        try LibraryCall.check(
            XGBoosterPredictFromDMatrix(handle, matrix.handle, options, &shape, &dimensions, &result), "predict")
        let count = UnsafeBufferPointer(start: shape, count: Int(dimensions)).reduce(1) { $0 * Int($1) }
        return Array(UnsafeBufferPointer(start: result, count: count))
    }

    /// The value of the booster's `eval_metric` on the matrix.
    borrowing func evaluate(round: Int, on matrix: borrowing TrainingMatrix) throws(LearningError) -> Double {
        var matrices: [DMatrixHandle?] = [matrix.handle]
        var line: UnsafePointer<CChar>?
        let status = LibraryCall.withCStrings(["validation"]) {
            XGBoosterEvalOneIter(handle, Int32(round), &matrices, $0, 1, &line)
        }
        try LibraryCall.check(status, "evaluate round \(round + 1)")
        // The line reads "[round]\tvalidation-metric:value".
        let text = line.map { String(cString: $0) } ?? ""
        guard let value = text.split(separator: ":").last.flatMap({ Double($0) }) else {
            throw LearningError(
                .libraryFailure, "XGBoost's evaluation could not be read: \(text)",
                advice: "Train without early stopping.")
        }
        return value
    }

    /// Some rounds as a booster of their own.
    borrowing func slice(rounds: Range<Int>) throws(LearningError) -> Booster {
        var sliced: BoosterHandle?
        try LibraryCall.check(
            XGBoosterSlice(handle, Int32(rounds.lowerBound), Int32(rounds.upperBound), 1, &sliced),
            "take rounds \(rounds) out")
        guard let sliced else { preconditionFailure("XGBoost gave no slice and no error") }
        return Booster(takingOwnership: sliced)
    }

    /// Names and types of the features, which the booster does not take from its matrix by itself; they are saved with
    /// it, and Python checks its columns against them.
    borrowing func describe(_ schema: FeatureSchema) throws(LearningError) {
        for (field, texts) in [("feature_name", schema.names), ("feature_type", schema.libraryTypes)] {
            let status = LibraryCall.withCStrings(texts) {
                XGBoosterSetStrFeatureInfo(handle, field, $0, bst_ulong(texts.count))
            }
            try LibraryCall.check(status, "note the \(field)s")
        }
    }

    /// Universal Binary JSON, which XGBoost 1.6 and later read, from Python too.
    borrowing func ubj() throws(LearningError) -> [UInt8] {
        var length: bst_ulong = 0
        var bytes: UnsafePointer<CChar>?
        try LibraryCall.check(
            XGBoosterSaveModelToBuffer(handle, #"{"format":"ubj"}"#, &length, &bytes), "save the model")
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(length)))
    }

    borrowing func featureCount() throws(LearningError) -> Int {
        var count: bst_ulong = 0
        try LibraryCall.check(XGBoosterGetNumFeature(handle, &count), "count its features")
        return Int(count)
    }

    borrowing func roundCount() throws(LearningError) -> Int {
        var count: Int32 = 0
        try LibraryCall.check(XGBoosterBoostedRounds(handle, &count), "count its rounds")
        return Int(count)
    }

    /// Transformed predictions of a row-major matrix (probabilities or values), row by row.
    borrowing func predict(_ matrix: [Float], rows: Int, columns: Int) throws(LearningError) -> [Float] {
        var shape: UnsafePointer<bst_ulong>?
        var dimensions: bst_ulong = 0
        var result: UnsafePointer<Float>?
        let status = matrix.withUnsafeBufferPointer { matrix in
            XGBoosterPredictFromDense(
                handle, LibraryCall.arrayInterface(matrix, rows: rows, columns: columns),
                #"{"type":0,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false,"#
                    + #""cache_id":0,"missing":NaN}"#, nil, &shape, &dimensions, &result)
        }
        try LibraryCall.check(status, "predict")
        let count = UnsafeBufferPointer(start: shape, count: Int(dimensions)).reduce(1) { $0 * Int($1) }
        return Array(UnsafeBufferPointer(start: result, count: count))
    }

    /// Scores by the name the booster knows a feature under; features in no split are absent.
    /// - Parameter type: `weight` (splits), `total_gain`, ….
    borrowing func featureScores(type: String) throws(LearningError) -> [String: Double] {
        var count: bst_ulong = 0
        var names: UnsafeMutablePointer<UnsafePointer<CChar>?>?
        var dimensions: bst_ulong = 0
        var shape: UnsafePointer<bst_ulong>?
        var scores: UnsafePointer<Float>?
        try LibraryCall.check(
            XGBoosterFeatureScore(
                handle, #"{"importance_type":"\#(type)"}"#, &count, &names, &dimensions, &shape, &scores),
            "score its features")
        var result: [String: Double] = [:]
        for index in 0..<Int(count) {
            guard let name = names?[index], let score = scores?[index] else { continue }
            result[String(cString: name)] = Double(score)
        }
        return result
    }
}
