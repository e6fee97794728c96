/// Splits by time: what is judged is always newer than what was learned from.
public enum TimeSplit {
    /// The newest share of `rows` (in time order, oldest first) as hold-out, the rest for training.
    ///
    /// The hold-out is `fraction · rows` rounded to the nearest row; with two rows or more and a fraction inside (0, 1)
    /// neither part is empty.
    public static func newest(_ fraction: Double, of rows: Int) -> (train: Range<Int>, holdout: Range<Int>) {
        precondition(rows >= 0 && fraction >= 0 && fraction <= 1, "a share of a number of rows")
        var held = Int((fraction * Double(rows)).rounded())
        if rows >= 2, fraction > 0, fraction < 1 { held = min(max(held, 1), rows - 1) }
        return (0..<(rows - held), (rows - held)..<rows)
    }

    /// The order of rows by time, oldest first; rows of one time keep their order.
    public static func order(byMicroseconds times: [Int64]) -> [Int] {
        times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
    }
}
