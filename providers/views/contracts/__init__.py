"""Pages of contracts: lists of either side, the record, what is written, decided and measured."""
