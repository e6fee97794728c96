/// One step of a preparation, not fitted yet.
public enum PreparationStep: Codable, Sendable, Equatable {
    case impute(Imputation)
    case treatOutliers(OutlierTreatment)
    case encode(CategoryEncoding)
    case scale(Scaling)
    case normalizeRows(RowNormalization)
    case multiply(PolynomialFeatures)
    case divide(RatioFeatures)
    case splitDates(DateParts)
    case lookBack(HistoryFeatures)
    case select(FeatureSelection)

    /// Fits the step, and turns the training columns into what the next step is fitted on.
    func fit(_ columns: inout WorkingColumns, _ context: inout FitContext) throws(LearningError) -> FittedStep {
        switch self {
        case .impute(let step): .impute(try step.fit(&columns, &context))
        case .treatOutliers(let step): .treatOutliers(try step.fit(&columns, &context))
        case .encode(let step): try step.fit(&columns, &context)
        case .scale(let step): .scale(try step.fit(&columns, &context))
        case .normalizeRows(let step): .normalizeRows(try step.fit(&columns, &context))
        case .multiply(let step): .multiply(try step.fit(&columns, &context))
        case .divide(let step): .divide(try step.fit(&columns, &context))
        case .splitDates(let step): .splitDates(try step.fit(&columns, &context))
        case .lookBack(let step): .lookBack(try step.fit(&columns, &context))
        case .select(let step): .select(try step.fit(&columns, &context))
        }
    }
}
