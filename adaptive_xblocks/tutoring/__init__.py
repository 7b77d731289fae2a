"""What is taught: items, answers, help, misconceptions, the choice of the next item. Pure: no XBlock, no Django."""
