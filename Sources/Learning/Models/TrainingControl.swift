/// How a long training hears that it is no longer wanted, and tells how far it is.
public struct TrainingControl: Sendable {
    /// From 0 to 1, with a few words on what is going on.
    public typealias Progress = @Sendable (_ share: Double, _ text: String) -> Void

    private let isCancelled: @Sendable () -> Bool
    public let progress: Progress

    public init(
        isCancelled: @escaping @Sendable () -> Bool = { false }, progress: @escaping Progress = { _, _ in }
    ) {
        self.isCancelled = isCancelled
        self.progress = progress
    }

    /// To be called between steps of at most a second.
    /// - Throws: `LearningError(.cancelled)`.
    public func check() throws(LearningError) {
        guard isCancelled() else { return }
        throw LearningError(.cancelled, "the training was cancelled", advice: "Nothing was written; start it again.")
    }
}
