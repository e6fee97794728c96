import Learning
import Statistics

extension PredictOptions {
    /// - Throws: `CommandStop` with exit code 2 for a threshold that is no probability, or of a model without one.
    func checkThreshold(of model: ArtifactModel) throws(CommandStop) {
        guard let threshold else { return }
        guard (0...1).contains(threshold) else {
            throw .badInput("--threshold is 0 to 1, and \(threshold) is not")
        }
        if case .predictor(let predictor) = model, case .binary = predictor.task { return }
        throw .badInput("--threshold has no meaning with \(model.what): only a model of two classes decides by one")
    }
}
